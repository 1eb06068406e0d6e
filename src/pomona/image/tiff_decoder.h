#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <functional>
#include <span>

#include "pomona/image/image_budget.h"
#include "pomona/image/image_reader.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"
#include "pomona/image/strips.h"
#include "pomona/image/tiff_file.h"
#include "pomona/image/tiff_layout.h"

namespace pomona::image {

/// TIFF to RGB through libtiff: the first page, in strips or tiles, of the kinds and compressions
/// that Pillow reads; colours as Pillow's convert("RGB"). The orientation is always followed, as
/// Pillow does for this format. YCbCr that is not JPEG goes through libtiff's own conversion,
/// which may be a level or two off Pillow's.
///
/// Holds 16 rows; of a tiled file a row of tiles; of one that stores a colour after another the
/// whole image. Not thread-safe.
class TiffDecoder {
 public:
  /// Uses max_pixels and background of `options`.
  arrow::Status Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                       RowSink& sink);

 private:
  /// This is given rows from the top, as they are stored.
  using VisitRow = std::function<arrow::Status(int y, const uint8_t* row)>;

  struct Picture {
    const TiffFile& file;
    const TiffLayout& layout;
    int width, height;
    int64_t max_pixels;
    ImageBudget& budget;
  };

  arrow::Status ReadRows(const Picture& picture, uint16_t plane, const VisitRow& visit);
  arrow::Status ReadTiles(const Picture& picture, size_t row_bytes, uint16_t plane,
                          const VisitRow& visit);
  /// [height, width] planes, one after another, a byte a sample.
  arrow::Status ReadPlanes(const Picture& picture);
  /// Through libtiff's conversion to RGBA.
  arrow::Status ReadConverted(const Picture& picture);
  arrow::Status PushRow(const TiffLayout& layout, const ImageOptions& options, const uint8_t* bytes,
                        int width);

  Scratch row_;
  Scratch bytes_;
  Scratch rgba_;
  Scratch tile_;
  Scratch band_;
  Scratch planes_;
  Strips strips_;
};

}  // namespace pomona::image
