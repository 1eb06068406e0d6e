#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/gif_lzw.h"
#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"
#include "pomona/image/strips.h"

namespace pomona::image {

/// GIF to RGB: the first picture on its canvas, as Pillow. Where the picture leaves the canvas
/// free this is transparent, or index 0 where no colour is. Holds the indices of the whole image.
/// Not thread-safe.
class GifDecoder {
 public:
  /// Uses max_pixels and background of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  GifLzw lzw_;
  Scratch frame_;
  Strips strips_;
};

}  // namespace pomona::image
