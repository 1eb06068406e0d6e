#pragma once

#include <arrow/status.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace pomona {

enum class ResizeFilter { kNearest, kBilinear, kBicubic };

/// How encoded bytes become pixels.
struct ImageOptions {
  int width = 224;  ///< of the result
  int height = 224;
  ResizeFilter filter = ResizeFilter::kBicubic;
  /// Checked against the header, before any pixel is allocated. Pillow's default.
  int64_t max_pixels = 178'956'970;
  /// RGB to composite transparent images on; absent: alpha is dropped, as Pillow's convert("RGB").
  std::optional<std::array<uint8_t, 3>> background;
  bool exif_rotate = false;
  /// Let libjpeg scale large JPEGs down by 2, 4 or 8 while decoding: faster, other pixels.
  bool dct_scaling = false;
};

/// Decodes and resizes. One per thread: it keeps its buffers and decoders between
/// images. Knows nothing of files.
class ImageReader {
 public:
  explicit ImageReader(const ImageOptions& options);
  ~ImageReader();

  /// Writes [height, width, 3] uint8 RGB, row-major, to `pixels`. Equal, bit for bit, to
  /// Pillow: Image.open(encoded).convert("RGB").resize((width, height), filter).
  /// Errors: Rejected(...).
  arrow::Status Read(std::span<const uint8_t> encoded, uint8_t* pixels);

  /// Time spent so far, in this reader.
  int64_t decode_ns() const;
  int64_t resize_ns() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
