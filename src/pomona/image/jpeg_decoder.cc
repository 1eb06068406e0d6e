#include "pomona/image/jpeg_decoder.h"

#include <fmt/format.h>
#include <jerror.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "pomona/image/orientation.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

using Outcome = JpegStream::Outcome;

/// So many scans may a file of max_pixels have, and a smaller one more in proportion. Real
/// ones have about ten.
constexpr int64_t kScansAtPixelLimit = 16;

/// round(a * b / 255), Pillow's MULDIV255.
int MultiplyDivide255(int a, int b) {
  const int t = a * b + 128;
  return ((t >> 8) + t) >> 8;
}

/// Inverted CMYK to RGB, as Pillow's "CMYK;I" and its conversion to RGB.
void InvertedCmykToRgb(const uint8_t* cmyk, int pixels, uint8_t* rgb) {
  for (int i = 0; i < pixels; ++i, cmyk += 4, rgb += 3) {
    const int white = cmyk[3];
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<uint8_t>(std::max(white - MultiplyDivide255(255 - cmyk[c], white), 0));
    }
  }
}

RejectReason ReasonOf(int error_code) {
  switch (error_code) {
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return RejectReason::kTooManyPixels;
    case JERR_OUT_OF_MEMORY:
      return RejectReason::kTooMuchMemory;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
      return RejectReason::kUnsupportedFormat;
    default:
      return RejectReason::kCorrupt;
  }
}

}  // namespace

arrow::Status JpegDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                  RowSink& sink) {
  const Outcome opened = stream_.Open(encoded, options.exif_rotate, &sink.budget(),
                                      kScansAtPixelLimit * options.max_pixels);
  if (opened != Outcome::kDone) return Failure(opened);
  jpeg_decompress_struct& info = stream_.info();
  ARROW_RETURN_NOT_OK(CheckPixelLimit(info.image_width, info.image_height, options));
  const int orientation = options.exif_rotate ? Orientation() : 1;
  ARROW_RETURN_NOT_OK(ChooseFormat(options, orientation));
  ARROW_RETURN_NOT_OK(sink.budget().Take(stream_.CoefficientBytes()));
  if (const Outcome o = stream_.Begin(); o != Outcome::kDone) return Failure(o);

  const int width = static_cast<int>(info.output_width);
  const int height = static_cast<int>(info.output_height);
  ARROW_RETURN_NOT_OK(sink.Start(width, height, orientation));
  const bool is_cmyk = info.out_color_space == JCS_CMYK;
  const size_t stride = static_cast<size_t>(width) * 3 + kRowPadding;
  uint8_t* rgb = strip_.Get(stride * JpegStream::kMaxRows);
  const size_t read_stride = is_cmyk ? static_cast<size_t>(width) * 4 : stride;
  uint8_t* read = is_cmyk ? cmyk_.Get(read_stride * JpegStream::kMaxRows) : rgb;
  for (int y = 0; y < height; y += JpegStream::kMaxRows) {
    const int rows = std::min(JpegStream::kMaxRows, height - y);
    if (const Outcome o = stream_.ReadRows(read, read_stride, rows); o != Outcome::kDone) {
      return Failure(o);
    }
    for (int r = 0; is_cmyk && r < rows; ++r) {
      InvertedCmykToRgb(read + read_stride * r, width, rgb + stride * r);
    }
    ARROW_RETURN_NOT_OK(sink.Push(rgb, stride, rows));
  }
  // All rows are there: like Pillow, an absent end marker is forgiven, an error is not.
  if (stream_.End() == Outcome::kError) return Failure(Outcome::kError);
  return arrow::Status::OK();
}

arrow::Status JpegDecoder::ChooseFormat(const ImageOptions& options, int orientation) {
  jpeg_decompress_struct& info = stream_.info();
  switch (info.num_components) {
    case 1:
    case 3:
      info.out_color_space = JCS_RGB;
      break;
    case 4:
      info.out_color_space = JCS_CMYK;
      break;
    default:
      return Rejected(RejectReason::kUnsupportedFormat,
                      fmt::format("JPEG has {} colour components, 1, 3 or 4 are supported",
                                  info.num_components));
  }
  if (options.dct_scaling) {
    unsigned width = options.width, height = options.height;
    if (orientation >= 5) std::swap(width, height);
    const unsigned scale = std::min(info.image_width / width, info.image_height / height);
    info.scale_num = 1;
    info.scale_denom = scale >= 8 ? 8 : scale >= 4 ? 4 : scale >= 2 ? 2 : 1;
  }
  return arrow::Status::OK();
}

int JpegDecoder::Orientation() const {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kExif = "Exif\0\0"sv;
  constexpr std::string_view kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
  // A long EXIF block is continued in further segments, each with the prefix. Of several XMP
  // packets the last one counts.
  std::string exif;
  std::string_view xmp;
  for (auto* marker = stream_.info().marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.starts_with(kExif)) exif += data.substr(kExif.size());
    if (data.starts_with(kXmp)) xmp = data.substr(kXmp.size());
  }
  return OrientationOf({reinterpret_cast<const uint8_t*>(exif.data()), exif.size()}, xmp);
}

arrow::Status JpegDecoder::Failure(Outcome outcome) const {
  const jpeg_decompress_struct& info = stream_.info();
  if (outcome == Outcome::kNeedsData) {
    return Rejected(RejectReason::kTruncated,
                    info.output_height == 0
                        ? std::string("JPEG ends within its header")
                        : fmt::format("JPEG ends after {} of {} rows", info.output_scanline,
                                      info.output_height));
  }
  if (stream_.error_code() == JpegStream::kOverBudget) return stream_.refusal();
  if (stream_.error_code() == JpegStream::kTooManyPixelScans) {
    return Rejected(RejectReason::kTooSlow,
                    fmt::format("JPEG has {} scans or more of {} x {} pixels",
                                info.input_scan_number, info.image_width, info.image_height));
  }
  if (stream_.error_code() == JpegStream::kTooManyScans) {
    return Rejected(RejectReason::kCorrupt,
                    fmt::format("JPEG has more than {} scans", JpegStream::kMaxScans));
  }
  return Rejected(ReasonOf(stream_.error_code()),
                  fmt::format("JPEG cannot be decoded: {}", stream_.error_text()));
}

}  // namespace pomona::image
