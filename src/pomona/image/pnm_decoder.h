#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// Binary PGM, PPM and PAM to RGB: pixels as they are, so also the way for raw pixels. Colours
/// as Pillow's, where Pillow reads the file: a sample v of a maxval other than 255 is
/// round(v / maxval * 255), half to even, at most 255. Of a file with several images the
/// first. Holds 16 rows. Not thread-safe.
class PnmDecoder {
 public:
  /// Uses max_pixels and background of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  static constexpr int kStripRows = 16;

  Scratch rgba_;
  Scratch strip_;
};

}  // namespace pomona::image
