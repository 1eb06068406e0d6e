#include "pomona/image/bmp_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "pomona/image/alpha.h"
#include "pomona/image/bmp_header.h"
#include "pomona/image/bmp_rle.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

void IndicesToRgb(const BmpHeader& header, const uint8_t* row, int bits, uint8_t* rgb) {
  const int per_byte = 8 / bits;
  const int mask = (1 << bits) - 1;
  for (int64_t x = 0; x < header.width; ++x, rgb += 3) {
    const int shift = bits * (per_byte - 1 - static_cast<int>(x % per_byte));
    std::memcpy(rgb, header.palette[row[x / per_byte] >> shift & mask].data(), 3);
  }
}

void WordsToRgb(const BmpHeader& header, const uint8_t* row, uint8_t* rgb) {
  const bool is_565 = header.pixels == BmpPixels::kRgb565;
  const int green_levels = is_565 ? 63 : 31;
  for (int64_t x = 0; x < header.width; ++x, row += 2, rgb += 3) {
    const int pixel = row[0] | row[1] << 8;
    rgb[0] = static_cast<uint8_t>((pixel >> (is_565 ? 11 : 10) & 31) * 255 / 31);
    rgb[1] = static_cast<uint8_t>((pixel >> 5 & green_levels) * 255 / green_levels);
    rgb[2] = static_cast<uint8_t>((pixel & 31) * 255 / 31);
  }
}

void BytesToRgb(const BmpHeader& header, const uint8_t* row, uint8_t* rgb) {
  const int step = header.bits / 8;
  for (int64_t x = 0; x < header.width; ++x, row += step, rgb += 3) {
    rgb[0] = row[header.red];
    rgb[1] = row[header.green];
    rgb[2] = row[header.blue];
  }
}

void BytesToRgba(const BmpHeader& header, const uint8_t* row, uint8_t* rgba) {
  for (int64_t x = 0; x < header.width; ++x, row += 4, rgba += 4) {
    rgba[0] = row[header.red];
    rgba[1] = row[header.green];
    rgba[2] = row[header.blue];
    rgba[3] = row[header.alpha];
  }
}

arrow::Status EndsEarly(size_t rows, int64_t height) {
  return Rejected(RejectReason::kTruncated,
                  fmt::format("BMP ends after {} of {} rows", rows, height));
}

}  // namespace

arrow::Status BmpDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                 RowSink& sink) {
  ARROW_ASSIGN_OR_RAISE(const BmpHeader header, ParseBmpHeader(encoded));
  if (header.width == 0 || header.height == 0) {
    return Rejected(RejectReason::kCorrupt,
                    fmt::format("BMP has {} x {} pixels", header.width, header.height));
  }
  ARROW_RETURN_NOT_OK(CheckPixelLimit(header.width, header.height, options));
  const auto width = static_cast<size_t>(header.width);
  const auto height = static_cast<size_t>(header.height);

  const bool has_runs = header.pixels == BmpPixels::kRle4 || header.pixels == BmpPixels::kRle8;
  const uint8_t* stored = nullptr;
  size_t stride = width;
  if (has_runs) {
    ARROW_RETURN_NOT_OK(sink.budget().Take(uint64_t{width} * height));
    uint8_t* indices = indices_.Get(width * height);
    const size_t there = ExpandBmpRuns(encoded, header.offset, header.pixels == BmpPixels::kRle4,
                                       width, height, indices);
    if (there < width * height) return EndsEarly(there / width, header.height);
    stored = indices;
  } else {
    stride = (width * header.bits + 31) / 32 * 4;
    const size_t row_bytes = (width * header.bits + 7) / 8;
    const size_t there = encoded.size() - std::min(encoded.size(), header.offset);
    // The last row need not be filled up.
    const size_t rows = there < row_bytes ? 0 : (there - row_bytes) / stride + 1;
    if (rows < height) return EndsEarly(rows, header.height);
    stored = encoded.data() + header.offset;
  }

  const int int_width = static_cast<int>(width);
  ARROW_RETURN_NOT_OK(sink.Start(int_width, static_cast<int>(height), /*orientation=*/1));
  strips_.Start(int_width, sink);
  const bool composite = options.background.has_value() && header.alpha >= 0;
  uint8_t* rgba = composite ? rgba_.Get(width * 4) : nullptr;
  for (size_t y = 0; y < height; ++y) {
    const uint8_t* row = stored + stride * (header.top_down ? y : height - 1 - y);
    ARROW_ASSIGN_OR_RAISE(uint8_t * rgb, strips_.NextRow());
    if (composite) {
      BytesToRgba(header, row, rgba);
      CompositeOn(*options.background, rgba, int_width, rgb);
    } else if (header.bits <= 8) {
      IndicesToRgb(header, row, has_runs ? 8 : header.bits, rgb);
    } else if (header.bits == 16) {
      WordsToRgb(header, row, rgb);
    } else {
      BytesToRgb(header, row, rgb);
    }
  }
  ARROW_RETURN_NOT_OK(strips_.Finish());
  indices_.ShrinkTo(64 << 20);
  return arrow::Status::OK();
}

}  // namespace pomona::image
