#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"
#include "pomona/image/strips.h"

namespace pomona::image {

enum class HeifKind { kHeic, kAvif };

/// HEIC and AVIF to RGB through the system's libheif: the primary picture, deeper colours at 8
/// bits. Where there is no libheif the reject says so, and what to install.
///
/// The file's own turns and mirrors are part of a HEIC's picture, as in pillow-heif, and its EXIF
/// orientation says nothing. Of an AVIF Pillow takes them for the orientation: they are followed
/// where exif_rotate is set. Colours are libheif's, which spreads those that are stored at half the
/// size (4:2:0) otherwise than Pillow's libavif: an AVIF's differ at edges. Holds the whole image.
/// Not thread-safe.
class HeifDecoder {
 public:
  /// Uses max_pixels, background and exif_rotate of `options`.
  arrow::Status Decode(HeifKind kind, std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  Strips strips_;
};

}  // namespace pomona::image
