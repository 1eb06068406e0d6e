#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/heif_boxes.h"
#include "pomona/image/heif_library.h"
#include "pomona/image/heif_memory.h"
#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"
#include "pomona/image/strips.h"
#include "pomona/image/yuv_rows.h"

namespace pomona::image {

enum class HeifKind { kHeic, kAvif };

/// HEIC and AVIF to RGB with the system's libheif: the primary picture, deeper colours at 8 bits.
/// Where there is no libheif the reject says so, and what to install.
///
/// The colours of an AVIF are Pillow's (YuvRows), but for the few kinds that it does not know;
/// those, and a HEIC's, are libheif's own. The file's own turns and mirrors are part of a HEIC's
/// picture, as in pillow-heif, and its EXIF orientation says nothing. Of an AVIF Pillow takes them
/// for the orientation: they are followed where exif_rotate is set. Holds the whole image. Not
/// thread-safe.
class HeifDecoder {
 public:
  /// Uses max_pixels, background and exif_rotate of `options`.
  arrow::Status Decode(HeifKind kind, std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  /// The colours of an AVIF by YuvRows; false, and nothing was pushed, where that is not possible.
  arrow::Result<bool> PushStored(const HeifLibrary& heif, const HeifProperties& properties,
                                 const HeifMemory& memory, int orientation,
                                 std::span<const uint8_t> encoded, const ImageOptions& options,
                                 RowSink& sink);

  YuvRows rows_;
  Strips strips_;
  Scratch file_;
  Scratch rgba_;
};

}  // namespace pomona::image
