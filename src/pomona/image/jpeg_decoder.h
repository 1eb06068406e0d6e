#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_reader.h"
#include "pomona/image/jpeg_stream.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// JPEG to RGB through libjpeg-turbo's classic API, as Pillow uses it: exact DCT, fancy
/// upsampling. Grey is repeated; CMYK and YCCK are taken as inverted, Adobe's way, as
/// Pillow does.
///
/// Damage: what libjpeg calls an error is `corrupt`. What it only warns about, and mends,
/// is accepted, as in Pillow. Data that end before the last row does: `truncated`.
/// Holds 16 rows; of progressive files libjpeg holds all coefficients (2 bytes a sample), which
/// count against the budget of memory. A file with more scans than its size allows is
/// `too_slow`, on every machine.
/// Not thread-safe.
class JpegDecoder {
 public:
  /// Uses max_pixels, exif_rotate and, for dct_scaling, width and height of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  /// Output colours and, for dct_scaling, the scale: the largest that leaves at least the
  /// wanted size.
  arrow::Status ChooseFormat(const ImageOptions& options, int orientation);
  int Orientation() const;
  arrow::Status Failure(JpegStream::Outcome outcome) const;

  JpegStream stream_;
  Scratch strip_;
  Scratch cmyk_;
};

}  // namespace pomona::image
