#pragma once

#include <arrow/status.h>
#include <spng.h>

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
/// not check the checksums of pixel data), an early end `truncated`. Chunks without a say in
/// the pixels are not read, damaged ones neither. Holds 16 rows; of an interlaced file the
/// whole image as stored, which counts against the budget of memory. Not thread-safe.
class PngDecoder {
 public:
  /// Uses max_pixels, background and exif_rotate of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  static constexpr int kStripRows = 16;

  /// All seven passes into stored_.
  arrow::Status ReadInterlaced(spng_ctx* context, const spng_ihdr& header, size_t row_bytes,
                               ImageBudget& budget);

  PngFormat format_;
  Scratch stored_;
  Scratch rgba_;
  Scratch strip_;
};

}  // namespace pomona::image
