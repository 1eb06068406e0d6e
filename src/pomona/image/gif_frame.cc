#include "pomona/image/gif_frame.h"

#include <algorithm>
#include <utility>

#include "pomona/image/little_endian.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

constexpr uint8_t kPicture = ',', kExtension = '!', kTrailer = ';';
constexpr uint8_t kGraphicControl = 0xf9;

/// Walks through the file; a read behind its end makes it fail.
class Walk {
 public:
  explicit Walk(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }

  /// The next `count` bytes; empty where there are not that many.
  std::span<const uint8_t> Take(size_t count) {
    failed_ |= bytes_.size() < count;
    if (failed_) return {};
    return std::exchange(bytes_, bytes_.subspan(count)).first(count);
  }

  uint8_t TakeByte() {
    const auto byte = Take(1);
    return failed_ ? 0 : byte[0];
  }

  /// A block behind its length; empty at the end of a row of blocks.
  std::span<const uint8_t> TakeBlock() { return Take(TakeByte()); }

  std::span<const uint8_t> rest() const { return bytes_; }

 private:
  std::span<const uint8_t> bytes_;
  bool failed_ = false;
};

arrow::Status EndsEarly() {
  return Rejected(RejectReason::kTruncated, "GIF ends before its first picture");
}

arrow::Status Corrupt(const char* what) { return Rejected(RejectReason::kCorrupt, what); }

/// The palette that the low bits of `flags` announce. Pillow leaves out one that is grey from
/// black on, and then takes an index that the palette lacks as a grey of its own.
void TakePalette(uint8_t flags, Walk* walk, GifFrame* frame) {
  const size_t colours = size_t{2} << (flags & 7);
  const auto bytes = walk->Take(colours * 3);
  if (walk->failed()) return;
  bool is_ramp = true;
  frame->palette = {};
  for (size_t i = 0; i < colours; ++i) {
    frame->palette[i] = {bytes[i * 3], bytes[i * 3 + 1], bytes[i * 3 + 2]};
    const auto level = static_cast<uint8_t>(i);
    is_ramp &= frame->palette[i] == std::array{level, level, level};
  }
  for (size_t i = 0; is_ramp && i < 256; ++i) frame->palette[i].fill(static_cast<uint8_t>(i));
}

arrow::Status TakeExtension(Walk* walk, GifFrame* frame) {
  const uint8_t kind = walk->TakeByte();
  const auto block = walk->TakeBlock();
  if (kind == kGraphicControl && !block.empty()) {
    const bool has_transparent = (block[0] & 1) != 0;
    if (block.size() < (has_transparent ? 4 : 3)) {
      return Corrupt("GIF has a graphic control block that is too short");
    }
    if (has_transparent) frame->transparent = block[3];
  }
  for (bool more = !block.empty(); more;) more = !walk->TakeBlock().empty();
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<GifFrame> ParseGifFrame(std::span<const uint8_t> encoded) {
  constexpr uint8_t kHasPalette = 0x80, kInterlaced = 0x40;
  Walk walk(encoded);
  const auto screen = walk.Take(13);
  if (walk.failed()) return EndsEarly();
  GifFrame frame;
  for (size_t i = 0; i < 256; ++i) frame.palette[i].fill(static_cast<uint8_t>(i));
  if ((screen[10] & kHasPalette) != 0) TakePalette(screen[10], &walk, &frame);

  for (uint8_t kind = walk.TakeByte(); kind != kPicture; kind = walk.TakeByte()) {
    if (walk.failed()) return EndsEarly();
    if (kind == kTrailer) return Corrupt("GIF has no picture");
    if (kind == kExtension) ARROW_RETURN_NOT_OK(TakeExtension(&walk, &frame));
    // Other bytes are passed over, as by Pillow.
  }
  const auto picture = walk.Take(9);
  if (walk.failed()) return EndsEarly();
  frame.left = Little16(picture, 0);
  frame.top = Little16(picture, 2);
  frame.frame_width = Little16(picture, 4);
  frame.frame_height = Little16(picture, 6);
  frame.width = std::max<int>(Little16(screen, 6), frame.left + frame.frame_width);
  frame.height = std::max<int>(Little16(screen, 8), frame.top + frame.frame_height);
  frame.is_interlaced = (picture[8] & kInterlaced) != 0;
  if ((picture[8] & kHasPalette) != 0) TakePalette(picture[8], &walk, &frame);
  frame.code_bits = walk.TakeByte();
  if (walk.failed()) return EndsEarly();
  frame.lzw_data = walk.rest();
  return frame;
}

}  // namespace pomona::image
