#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"
#include "pomona/image/strips.h"

namespace pomona::image {

/// BMP to RGB: 1, 4, 8, 16, 24 and 32 bits, runs, upside down or not; colours as Pillow's
/// convert("RGB"). Alpha is what bit masks name so; the fourth byte of a pixel without masks is
/// none. Holds 16 rows, of a file with runs the indices of the whole image. Not thread-safe.
class BmpDecoder {
 public:
  /// Uses max_pixels and background of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  Scratch indices_;
  Scratch rgba_;
  Strips strips_;
};

}  // namespace pomona::image
