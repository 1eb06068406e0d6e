#include "pomona/image/heif_memory.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "pomona/image/coded_frames.h"
#include "pomona/image/heif_items.h"
#include "pomona/image/iso_box.h"
#include "pomona/image/pixel_limit.h"

namespace pomona::image {
namespace {

using Bytes = std::span<const uint8_t>;

/// What is drawn from other items has the size that its own few bytes say.
CodedFrames CanvasOf(Bytes canvas, size_t head) {
  TakeNumber(canvas, 1);  // version
  const size_t size = (TakeNumber(canvas, 1) & 1) != 0 ? 4 : 2;
  TakeNumber(canvas, head);
  CodedFrames frames;
  frames.width = static_cast<int64_t>(TakeNumber(canvas, size));
  frames.height = static_cast<int64_t>(TakeNumber(canvas, size));
  constexpr int64_t kLargestSide = 1 << 24;
  frames.pixels = std::min(frames.width, kLargestSide) * std::min(frames.height, kLargestSide);
  return frames;
}

CodedFrames FramesOf(const HeifItem& item, Bytes data) {
  if (item.type == "av01") return Av1Frames(data);
  if (item.type == "hvc1") return HevcFrames(item.configuration, data);
  if (item.type == "grid") return CanvasOf(data, 2);  // rows and columns
  if (item.type == "iovl") return CanvasOf(data, 8);  // the colour behind all
  return {};
}

/// The bytes of an item one after another, in `joined` where they are not so in the file.
Bytes Join(const HeifItem& item, std::vector<uint8_t>& joined) {
  std::vector<Bytes> pieces;
  constexpr size_t kHead = 4;  // of `av1C`, before its OBUs
  if (item.type == "av01" && item.configuration.size() > kHead) {
    pieces.push_back(item.configuration.subspan(kHead));
  }
  pieces.insert(pieces.end(), item.pieces.begin(), item.pieces.end());
  if (pieces.empty()) return {};
  if (pieces.size() == 1) return pieces[0];
  joined.clear();
  for (const Bytes piece : pieces) joined.insert(joined.end(), piece.begin(), piece.end());
  return joined;
}

}  // namespace

arrow::Result<HeifMemory> HeifMemoryOf(std::span<const uint8_t> file, const ImageOptions& options,
                                       ImageBudget& budget) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<HeifItem> items, HeifItemsOf(file, budget));
  HeifMemory memory;
  int half_bytes = 3;  // 4:2:0 of 8 bits, of what nothing is known
  std::vector<uint8_t> joined;
  uint64_t taken = 0;
  for (const HeifItem& item : items) {
    // libheif makes such a copy, and pieces may lie on one another.
    uint64_t bytes = item.configuration.size();
    for (const Bytes piece : item.pieces) bytes += piece.size();
    if (bytes > taken) {
      ARROW_RETURN_NOT_OK(budget.Take(bytes - taken));
      taken = bytes;
    }
    ARROW_RETURN_NOT_OK(budget.Spend(static_cast<int64_t>(bytes)));
    const CodedFrames frames = FramesOf(item, Join(item, joined));
    if (!item.is_part) ARROW_RETURN_NOT_OK(CheckPixelLimit(frames.width, frames.height, options));
    memory.pixels = std::max(memory.pixels, frames.pixels);
    half_bytes = std::max(half_bytes, frames.half_bytes);
  }
  // Measured, with libheif 1.15, dav1d 1.0 and libde265 1.0.11: a frame's coefficients take twice
  // its samples, which are copied, and 5 bytes a pixel say how it was predicted.
  memory.bytes_a_pixel = 6 + 2 * half_bytes;
  return memory;
}

}  // namespace pomona::image
