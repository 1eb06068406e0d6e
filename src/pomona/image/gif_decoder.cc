#include "pomona/image/gif_decoder.h"

#include <fmt/format.h>

#include <cstring>

#include "pomona/image/gif_frame.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

/// Which stored row of an interlaced picture of `height` rows is row `y`: every eighth row comes
/// first, then those in the middle between them, and so on.
int StoredRow(int y, int height) {
  struct Pass {
    int first, step;
  };
  int before = 0;
  for (const auto [first, step] : {Pass{0, 8}, Pass{4, 8}, Pass{2, 4}, Pass{1, 2}}) {
    if (y % step == first) return before + y / step;
    before += (height - first + step - 1) / step;
  }
  return y;
}

}  // namespace

arrow::Status GifDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                 RowSink& sink) {
  ARROW_ASSIGN_OR_RAISE(GifFrame frame, ParseGifFrame(encoded));
  if (frame.frame_width == 0 || frame.frame_height == 0) {
    return Rejected(RejectReason::kCorrupt, fmt::format("GIF has a first picture of {} x {} pixels",
                                                        frame.frame_width, frame.frame_height));
  }
  ARROW_RETURN_NOT_OK(CheckPixelLimit(frame.width, frame.height, options));

  const size_t pixels = static_cast<size_t>(frame.frame_width) * frame.frame_height;
  ARROW_RETURN_NOT_OK(sink.budget().Take(pixels));
  uint8_t* stored = frame_.Get(pixels);
  switch (lzw_.Expand(frame.lzw_data, frame.code_bits, {stored, pixels})) {
    case GifLzw::Outcome::kDone:
      break;
    case GifLzw::Outcome::kEnds:
      return Rejected(RejectReason::kTruncated, "GIF ends before its last row");
    case GifLzw::Outcome::kCorrupt:
      return Rejected(RejectReason::kCorrupt, "GIF cannot be decoded: no such LZW code");
  }

  auto& palette = frame.palette;
  if (frame.transparent.has_value() && options.background.has_value()) {
    palette[*frame.transparent] = *options.background;
  }
  ARROW_RETURN_NOT_OK(sink.Start(frame.width, frame.height, /*orientation=*/1));
  strips_.Start(frame.width, sink);
  for (int y = 0; y < frame.height; ++y) {
    ARROW_ASSIGN_OR_RAISE(uint8_t * rgb, strips_.NextRow());
    const int row = y - frame.top;
    const bool has_row = row >= 0 && row < frame.frame_height;
    if (!has_row || frame.frame_width < frame.width) {
      const auto& free = palette[frame.transparent.value_or(0)];
      for (int x = 0; x < frame.width; ++x) std::memcpy(rgb + 3 * x, free.data(), 3);
    }
    if (!has_row) continue;
    const int from = frame.is_interlaced ? StoredRow(row, frame.frame_height) : row;
    const uint8_t* index = stored + static_cast<size_t>(from) * frame.frame_width;
    uint8_t* to = rgb + static_cast<size_t>(frame.left) * 3;
    for (int x = 0; x < frame.frame_width; ++x) {
      std::memcpy(to + 3 * x, palette[index[x]].data(), 3);
    }
  }
  ARROW_RETURN_NOT_OK(strips_.Finish());
  frame_.ShrinkTo(64 << 20);
  return arrow::Status::OK();
}

}  // namespace pomona::image
