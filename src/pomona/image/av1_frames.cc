#include <algorithm>
#include <cstddef>
#include <optional>

#include "pomona/image/bit_reader.h"
#include "pomona/image/coded_frames.h"

namespace pomona::image {
namespace {

/// Of a sequence header, what the size of a frame and the way to it depend on.
struct Av1Sequence {
  bool reduced = false;  ///< for a still picture: frames say nothing of their size
  bool decoder_model = false;
  int presentation_bits = 0;  ///< of a frame's time; 0 where frames have none
  int width_bits = 0;
  int height_bits = 0;
  int64_t width = 0;
  int64_t height = 0;
  int id_bits = 0;
  int order_bits = 0;
  uint32_t screen_content = 2;  ///< 2: each frame says
  uint32_t integer_vectors = 2;
  int half_bytes = 0;
};

/// What a pixel takes, in halves of a byte.
int TakeColours(BitReader& bits, uint32_t profile) {
  const bool deep = bits.TakeFlag();
  const bool of_12 = profile == 2 && deep && bits.TakeFlag();
  const bool grey = profile != 1 && bits.TakeFlag();
  const uint32_t meaning = bits.TakeFlag() ? bits.Take(24) : 0;
  constexpr uint32_t kSrgb = 0x010d00;
  int halves = 3;  // 4:2:0
  if (grey) {
    halves = 2;
  } else if (meaning == kSrgb || profile == 1) {
    halves = 6;
  } else if (profile == 2) {
    bits.Skip(1);  // the range
    const bool halved_width = !of_12 || bits.TakeFlag();
    const bool halved_height = of_12 && halved_width && bits.TakeFlag();
    halves = !halved_width ? 6 : (halved_height ? 3 : 4);
  }
  return deep ? 2 * halves : halves;
}

Av1Sequence ReadSequence(std::span<const uint8_t> header) {
  BitReader bits(header);
  Av1Sequence sequence;
  const uint32_t profile = bits.Take(3);
  bits.Skip(1);  // still picture
  sequence.reduced = bits.TakeFlag();
  if (sequence.reduced) {
    bits.Skip(5);  // level
  } else {
    int delay_bits = 0;
    if (bits.TakeFlag()) {  // timing
      bits.Skip(64);
      const bool equal_intervals = bits.TakeFlag();
      if (equal_intervals) bits.TakeUniversal();
      sequence.decoder_model = bits.TakeFlag();
      if (sequence.decoder_model) {
        delay_bits = static_cast<int>(bits.Take(5)) + 1;
        bits.Skip(32 + 5);
        const int presentation_bits = static_cast<int>(bits.Take(5)) + 1;
        if (!equal_intervals) sequence.presentation_bits = presentation_bits;
      }
    }
    const bool display_delays = bits.TakeFlag();
    for (uint32_t points = bits.Take(5) + 1; points > 0; --points) {
      bits.Skip(12);
      if (bits.Take(5) > 7) bits.Skip(1);  // level and tier
      if (sequence.decoder_model && bits.TakeFlag()) bits.Skip(2 * delay_bits + 1);
      if (display_delays && bits.TakeFlag()) bits.Skip(4);
    }
  }
  sequence.width_bits = static_cast<int>(bits.Take(4)) + 1;
  sequence.height_bits = static_cast<int>(bits.Take(4)) + 1;
  sequence.width = int64_t{bits.Take(sequence.width_bits)} + 1;
  sequence.height = int64_t{bits.Take(sequence.height_bits)} + 1;
  if (!sequence.reduced && bits.TakeFlag()) {
    sequence.id_bits = static_cast<int>(bits.Take(4)) + 2;
    sequence.id_bits += static_cast<int>(bits.Take(3)) + 1;
  }
  bits.Skip(3);  // large blocks, two tools of intra
  if (!sequence.reduced) {
    bits.Skip(4);  // tools of inter
    const bool order = bits.TakeFlag();
    if (order) bits.Skip(2);
    sequence.screen_content = bits.TakeFlag() ? 2 : bits.Take(1);
    if (sequence.screen_content > 0 && !bits.TakeFlag()) sequence.integer_vectors = bits.Take(1);
    if (order) sequence.order_bits = static_cast<int>(bits.Take(3)) + 1;
  }
  bits.Skip(3);  // filters
  sequence.half_bytes = TakeColours(bits, profile);
  return sequence;
}

struct Av1Size {
  int64_t width = 0;
  int64_t height = 0;
  bool certain = true;
};

/// The size of the frame that begins with this header; zeros where it only shows another one.
Av1Size ReadFrame(std::span<const uint8_t> header, const Av1Sequence& sequence) {
  const Av1Size usual{sequence.width, sequence.height};
  if (sequence.reduced) return usual;
  enum : uint32_t { kKey = 0, kInter = 1, kIntraOnly = 2, kSwitch = 3 };
  BitReader bits(header);
  if (bits.TakeFlag()) return {};
  const uint32_t type = bits.Take(2);
  const bool shown = bits.TakeFlag();
  if (shown) {
    bits.Skip(sequence.presentation_bits);
  } else {
    bits.Skip(1);  // may be shown later
  }
  const bool resilient = type == kSwitch || (type == kKey && shown) || bits.TakeFlag();
  bits.Skip(1);  // probabilities
  const bool screen_content =
      sequence.screen_content == 2 ? bits.TakeFlag() : sequence.screen_content != 0;
  if (screen_content && sequence.integer_vectors == 2) bits.Skip(1);
  bits.Skip(sequence.id_bits);
  const bool own_size = type == kSwitch || bits.TakeFlag();
  if (!own_size) return usual;
  if (sequence.decoder_model || type == kInter || type == kSwitch) {
    return {int64_t{1} << sequence.width_bits, int64_t{1} << sequence.height_bits, false};
  }
  bits.Skip(sequence.order_bits);
  const bool refreshes_all = (type == kKey && shown) || bits.Take(8) == 0xff;
  if (!refreshes_all && resilient) bits.Skip(8 * sequence.order_bits);
  Av1Size size;
  size.width = int64_t{bits.Take(sequence.width_bits)} + 1;
  size.height = int64_t{bits.Take(sequence.height_bits)} + 1;
  return size;
}

/// LEB128: 7 bits a byte, the lowest first.
std::optional<uint64_t> TakeLength(std::span<const uint8_t>& rest) {
  uint64_t length = 0;
  for (int i = 0; i < 8 && !rest.empty(); ++i) {
    const uint8_t byte = rest[0];
    rest = rest.subspan(1);
    length |= uint64_t{byte & 0x7fU} << (7 * i);
    if ((byte & 0x80) == 0) return length;
  }
  return {};
}

}  // namespace

CodedFrames Av1Frames(std::span<const uint8_t> obus) {
  enum : int { kSequence = 1, kFrameHeader = 3, kFrame = 6 };
  CodedFrames frames;
  std::optional<Av1Sequence> sequence;
  while (!obus.empty()) {
    const uint8_t head = obus[0];
    const size_t head_bytes = (head & 0x04) != 0 ? 2 : 1;
    if (obus.size() < head_bytes) break;
    obus = obus.subspan(head_bytes);
    uint64_t length = obus.size();
    if ((head & 0x02) != 0) {
      const std::optional<uint64_t> said = TakeLength(obus);
      if (!said || *said > obus.size()) break;
      length = *said;
    }
    // A header may go on behind its end: whether that is damage is for the decoder to say.
    const std::span<const uint8_t> header = obus;
    obus = obus.subspan(length);
    const int type = head >> 3 & 0x0f;
    if (type == kSequence) {
      sequence = ReadSequence(header);
    } else if ((type == kFrameHeader || type == kFrame) && sequence) {
      const Av1Size size = ReadFrame(header, *sequence);
      if (size.certain && size.width * size.height > frames.width * frames.height) {
        frames.width = size.width;
        frames.height = size.height;
      }
      constexpr int64_t kBlock = 128;
      constexpr int64_t kMost = int64_t{1} << 56;
      frames.pixels += (size.width + kBlock - 1) / kBlock * kBlock *
                       ((size.height + kBlock - 1) / kBlock * kBlock);
      frames.pixels = std::min(frames.pixels, kMost);
      frames.half_bytes = std::max(frames.half_bytes, sequence->half_bytes);
    }
  }
  return frames;
}

}  // namespace pomona::image
