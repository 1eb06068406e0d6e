#include <algorithm>
#include <cstddef>
#include <vector>

#include "pomona/image/bit_reader.h"
#include "pomona/image/coded_frames.h"
#include "pomona/image/iso_box.h"

namespace pomona::image {
namespace {

/// A side that is larger is as good as this one; products of it stay numbers.
constexpr int64_t kLargestSide = 1 << 20;

/// Up to `most` bytes of a NAL unit, without the 3 that a writer puts behind two zeros.
std::vector<uint8_t> Unescape(std::span<const uint8_t> unit, size_t most) {
  std::vector<uint8_t> bytes;
  int zeros = 0;
  for (const uint8_t byte : unit) {
    if (bytes.size() == most) break;
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    bytes.push_back(byte);
  }
  return bytes;
}

/// What HevcFrames finds in units one after another.
struct HevcUnits {
  CodedFrames largest;  ///< of all sequences: `pixels` are those of one frame
  int64_t frames = 0;

  void Read(std::span<const uint8_t> unit);
  void ReadSequence(std::span<const uint8_t> unit);
};

void HevcUnits::ReadSequence(std::span<const uint8_t> unit) {
  // Sub-layers take 12 bytes each, and there are 7 at most; sizes are right behind them.
  constexpr size_t kMost = 256;
  const std::vector<uint8_t> bytes = Unescape(unit, kMost);
  BitReader bits(bytes);
  bits.Skip(16 + 4);  // the unit's head, the video's parameters
  const int layers = static_cast<int>(bits.Take(3));
  bits.Skip(1 + 88 + 8);  // nesting, profile and level
  const uint32_t with = bits.Take(2 * layers);
  if (layers > 0) bits.Skip(2 * (8 - layers));
  for (int i = layers - 1; i >= 0; --i) {
    bits.Skip((with >> (2 * i + 1) & 1) != 0 ? 88 : 0);
    bits.Skip((with >> (2 * i) & 1) != 0 ? 8 : 0);
  }
  bits.TakeUniversal();  // its own number
  const uint32_t chroma = bits.TakeUniversal();
  if (chroma == 3) bits.Skip(1);
  const int64_t width = std::min<int64_t>(bits.TakeUniversal(), kLargestSide);
  const int64_t height = std::min<int64_t>(bits.TakeUniversal(), kLargestSide);
  int64_t cut_width = 0;
  int64_t cut_height = 0;
  if (bits.TakeFlag()) {
    const int64_t x = chroma == 1 || chroma == 2 ? 2 : 1;
    const int64_t y = chroma == 1 ? 2 : 1;
    cut_width = x * bits.TakeUniversal();
    cut_width += x * bits.TakeUniversal();
    cut_height = y * bits.TakeUniversal();
    cut_height += y * bits.TakeUniversal();
  }
  const bool deep = std::max(bits.TakeUniversal(), bits.TakeUniversal()) > 0;
  constexpr int kHalves[] = {2, 3, 4, 6};
  const int halves = kHalves[std::min<uint32_t>(chroma, 3)];
  largest.half_bytes = std::max(largest.half_bytes, deep ? 2 * halves : halves);
  constexpr int64_t kBlock = 64;
  largest.pixels = std::max(largest.pixels, (width + kBlock - 1) / kBlock * kBlock *
                                                ((height + kBlock - 1) / kBlock * kBlock));
  const int64_t shown_width = std::max<int64_t>(width - cut_width, 0);
  const int64_t shown_height = std::max<int64_t>(height - cut_height, 0);
  if (shown_width * shown_height > largest.width * largest.height) {
    largest.width = shown_width;
    largest.height = shown_height;
  }
}

void HevcUnits::Read(std::span<const uint8_t> unit) {
  if (unit.size() < 3) return;
  const int type = unit[0] >> 1 & 0x3f;
  const int layer = (unit[0] & 1) << 5 | unit[1] >> 3;
  if (layer != 0) return;  // the other eye: written otherwise, and not decoded
  constexpr int kSequence = 33;
  constexpr int kFirstOfNoPixels = 32;
  if (type == kSequence) ReadSequence(unit);
  const bool first_slice = (unit[2] & 0x80) != 0;
  if (type < kFirstOfNoPixels && first_slice) ++frames;
}

}  // namespace

CodedFrames HevcFrames(std::span<const uint8_t> configuration, std::span<const uint8_t> units) {
  HevcUnits found;
  TakeNumber(configuration, 22);
  for (uint64_t arrays = TakeNumber(configuration, 1); arrays > 0; --arrays) {
    TakeNumber(configuration, 1);
    for (uint64_t count = TakeNumber(configuration, 2); count > 0; --count) {
      const uint64_t length = TakeNumber(configuration, 2);
      if (length > configuration.size()) return {};
      found.Read(configuration.first(length));
      configuration = configuration.subspan(length);
      if (configuration.empty()) break;
    }
  }
  while (!units.empty()) {
    const uint64_t length = TakeNumber(units, 4);
    if (length > units.size()) break;
    found.Read(units.first(length));
    units = units.subspan(length);
  }
  CodedFrames frames = found.largest;
  constexpr int64_t kMany = 1 << 16;
  frames.pixels *= std::clamp<int64_t>(found.frames, 1, kMany);
  return frames;
}

}  // namespace pomona::image
