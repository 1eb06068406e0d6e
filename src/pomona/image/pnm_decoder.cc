#include "pomona/image/pnm_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "pomona/image/alpha.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/image/pnm_header.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

/// From a stored sample to 0...255.
using Levels = std::array<uint8_t, 256>;

Levels LevelsOf(int maxval) {
  Levels levels;
  for (int v = 0; v < 256; ++v) {
    levels[v] = static_cast<uint8_t>(
        std::min(std::nearbyint(static_cast<double>(v) / maxval * 255), 255.0));
  }
  return levels;
}

/// Where the samples of a pixel lie.
struct Places {
  int red, green, blue, alpha;
};

Places PlacesOf(PnmPixel pixel) {
  switch (pixel) {
    case PnmPixel::kGrey:
    case PnmPixel::kGreyAlpha:
      return {0, 0, 0, 1};
    case PnmPixel::kBgr:
    case PnmPixel::kBgra:
      return {2, 1, 0, 3};
    default:
      return {0, 1, 2, 3};
  }
}

bool HasAlpha(PnmPixel pixel) { return PnmChannels(pixel) % 2 == 0; }

void ToRgb(const PnmHeader& header, const Levels& levels, const uint8_t* row, uint8_t* rgb) {
  const auto width = static_cast<size_t>(header.width);
  if (header.pixel == PnmPixel::kRgb && header.maxval == 255) {
    std::memcpy(rgb, row, width * 3);
    return;
  }
  const Places at = PlacesOf(header.pixel);
  const int step = PnmChannels(header.pixel);
  for (size_t x = 0; x < width; ++x, row += step, rgb += 3) {
    rgb[0] = levels[row[at.red]];
    rgb[1] = levels[row[at.green]];
    rgb[2] = levels[row[at.blue]];
  }
}

void ToRgba(const PnmHeader& header, const Levels& levels, const uint8_t* row, uint8_t* rgba) {
  const Places at = PlacesOf(header.pixel);
  const int step = PnmChannels(header.pixel);
  for (int64_t x = 0; x < header.width; ++x, row += step, rgba += 4) {
    rgba[0] = levels[row[at.red]];
    rgba[1] = levels[row[at.green]];
    rgba[2] = levels[row[at.blue]];
    rgba[3] = levels[row[at.alpha]];
  }
}

}  // namespace

arrow::Status PnmDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                 RowSink& sink) {
  ARROW_ASSIGN_OR_RAISE(const PnmHeader header, ParsePnmHeader(encoded));
  ARROW_RETURN_NOT_OK(CheckPixelLimit(header.width, header.height, options));
  const size_t row_bytes = static_cast<size_t>(header.width) * PnmChannels(header.pixel);
  const std::span<const uint8_t> pixels = encoded.subspan(header.size);
  if (pixels.size() / row_bytes < static_cast<size_t>(header.height)) {
    return Rejected(
        RejectReason::kTruncated,
        fmt::format("PNM ends after {} of {} rows", pixels.size() / row_bytes, header.height));
  }
  const int width = static_cast<int>(header.width);
  const int height = static_cast<int>(header.height);
  ARROW_RETURN_NOT_OK(sink.Start(width, height, /*orientation=*/1));

  const Levels levels = LevelsOf(header.maxval);
  const bool composite = options.background.has_value() && HasAlpha(header.pixel);
  uint8_t* rgba = composite ? rgba_.Get(static_cast<size_t>(width) * 4) : nullptr;
  const size_t stride = static_cast<size_t>(width) * 3 + kRowPadding;
  uint8_t* strip = strip_.Get(stride * kStripRows);
  const uint8_t* row = pixels.data();
  for (int y = 0; y < height;) {
    const int rows = std::min(kStripRows, height - y);
    for (int r = 0; r < rows; ++r, ++y, row += row_bytes) {
      if (composite) {
        ToRgba(header, levels, row, rgba);
        CompositeOn(*options.background, rgba, width, strip + stride * r);
      } else {
        ToRgb(header, levels, row, strip + stride * r);
      }
    }
    ARROW_RETURN_NOT_OK(sink.Push(strip, stride, rows));
  }
  return arrow::Status::OK();
}

}  // namespace pomona::image
