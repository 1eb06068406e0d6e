#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// WebP to RGB through libwebp, lossy and lossless; of an animation the first frame, on a
/// black (transparent) canvas, as Pillow. Holds the whole image, as libwebp does anyway:
/// this and what libwebp holds counts against the budget of memory.
/// Not thread-safe.
class WebpDecoder {
 public:
  /// Uses max_pixels, background and exif_rotate of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  Scratch canvas_;
  Scratch strip_;
};

}  // namespace pomona::image
