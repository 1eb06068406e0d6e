#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_reader.h"
#include "pomona/image/png_rows.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// PNG to RGB through libspng; colours as Pillow's convert("RGB"), see png_rows.h. Gamma
/// and colour profiles are ignored, as there.
///
/// Damage: a wrong checksum in a critical chunk or a broken stream is `corrupt` (Pillow does
/// not check the checksums of pixel data), an early end `truncated`. Holds 16 rows; of an
/// interlaced file the whole image as stored. Not thread-safe.
class PngDecoder {
 public:
  /// Uses max_pixels, background and exif_rotate of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  static constexpr int kStripRows = 16;

  PngFormat format_;
  Scratch stored_;
  Scratch rgba_;
  Scratch strip_;
};

}  // namespace pomona::image
