#include "pomona/image/tiff_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "pomona/image/alpha.h"
#include "pomona/image/orientation.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/image/tiff_rows.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

constexpr size_t kKept = 64 << 20;  ///< bytes of a buffer that stay for the next image

/// A TIFF is what EXIF is made of, but for a BigTIFF, of which libtiff gives the field.
int Orientation(const TiffFile& file, std::span<const uint8_t> encoded) {
  if (TIFFIsBigTIFF(file.get()) != 0) {
    return std::clamp<int>(file.ShortField(TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT), 1, 8);
  }
  uint32_t length = 0;
  const char* xmp = nullptr;
  if (TIFFGetField(file.get(), TIFFTAG_XMLPACKET, &length, &xmp) == 0) length = 0;
  return OrientationOf(encoded, {xmp, length});
}

/// Pixels in the largest piece that a buffer of ours must hold.
arrow::Status CheckPiece(int64_t width, int64_t height, int64_t max_pixels) {
  constexpr int64_t kAlways = 1 << 20;  // a small picture may lie in a large tile
  if (width > kMaxSide || height > kMaxSide || width * height > std::max(max_pixels, kAlways)) {
    return Rejected(RejectReason::kTooManyPixels,
                    fmt::format("TIFF has tiles of {} x {} pixels, the limit is {}", width, height,
                                max_pixels));
  }
  return arrow::Status::OK();
}

arrow::Status UnequalSizes(int64_t have, size_t want) {
  return Rejected(RejectReason::kCorrupt,
                  fmt::format("TIFF has rows of {} bytes, its size says {}", have, want));
}

}  // namespace

arrow::Status TiffDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                  RowSink& sink) {
  const TiffFile file(encoded);
  if (file.get() == nullptr) return file.Failure();
  const uint32_t file_width = file.Field(TIFFTAG_IMAGEWIDTH, 0);
  const uint32_t file_height = file.Field(TIFFTAG_IMAGELENGTH, 0);
  if (file_width == 0 || file_height == 0) {
    return Rejected(RejectReason::kCorrupt,
                    fmt::format("TIFF has {} x {} pixels", file_width, file_height));
  }
  ARROW_RETURN_NOT_OK(CheckPixelLimit(file_width, file_height, options));
  ARROW_ASSIGN_OR_RAISE(const TiffLayout layout, ReadTiffLayout(file));
  ARROW_RETURN_NOT_OK(file.CheckPieces());
  const int width = static_cast<int>(file_width);
  const int height = static_cast<int>(file_height);
  const Picture picture{file, layout, width, height, options.max_pixels, sink.budget()};

  ARROW_RETURN_NOT_OK(sink.Start(width, height, Orientation(file, encoded)));
  strips_.Start(width, sink);
  if (layout.needs_conversion) {
    ARROW_RETURN_NOT_OK(ReadConverted(picture));
  } else if (layout.is_planar) {
    ARROW_RETURN_NOT_OK(ReadPlanes(picture));
    const size_t samples = layout.samples;
    uint8_t* bytes = bytes_.Get(width * samples);
    for (int y = 0; y < height; ++y) {
      for (size_t s = 0; s < samples; ++s) {
        const uint8_t* plane = planes_.Get(0) + (s * height + y) * width;
        for (int x = 0; x < width; ++x) bytes[x * samples + s] = plane[x];
      }
      ARROW_RETURN_NOT_OK(PushRow(layout, options, bytes, width));
    }
  } else {
    uint8_t* bytes = bytes_.Get(static_cast<size_t>(width) * layout.samples);
    ARROW_RETURN_NOT_OK(ReadRows(picture, /*plane=*/0, [&](int, const uint8_t* row) {
      TiffSamplesToBytes(layout, row, width, bytes);
      return PushRow(layout, options, bytes, width);
    }));
  }
  ARROW_RETURN_NOT_OK(strips_.Finish());
  planes_.ShrinkTo(kKept);
  band_.ShrinkTo(kKept);
  tile_.ShrinkTo(kKept);
  return arrow::Status::OK();
}

arrow::Status TiffDecoder::PushRow(const TiffLayout& layout, const ImageOptions& options,
                                   const uint8_t* bytes, int width) {
  ARROW_ASSIGN_OR_RAISE(uint8_t * rgb, strips_.NextRow());
  if (options.background.has_value() && layout.alpha != TiffAlpha::kNone) {
    uint8_t* rgba = rgba_.Get(static_cast<size_t>(width) * 4);
    TiffBytesToRgba(layout, bytes, width, rgba);
    CompositeOn(*options.background, rgba, width, rgb);
  } else {
    TiffBytesToRgb(layout, bytes, width, rgb);
  }
  return arrow::Status::OK();
}

arrow::Status TiffDecoder::ReadRows(const Picture& picture, uint16_t plane, const VisitRow& visit) {
  TIFF* tiff = picture.file.get();
  const size_t samples = picture.layout.is_planar ? 1 : picture.layout.samples;
  const size_t row_bytes = (picture.width * samples * picture.layout.bits + 7) / 8;
  if (TIFFIsTiled(tiff)) return ReadTiles(picture, row_bytes, plane, visit);
  if (const tmsize_t size = TIFFScanlineSize(tiff); size != static_cast<tmsize_t>(row_bytes)) {
    return UnequalSizes(size, row_bytes);
  }
  uint8_t* row = row_.Get(row_bytes);
  for (int y = 0; y < picture.height; ++y) {
    if (TIFFReadScanline(tiff, row, static_cast<uint32_t>(y), plane) < 0) {
      return picture.file.Failure();
    }
    ARROW_RETURN_NOT_OK(visit(y, row));
  }
  return arrow::Status::OK();
}

arrow::Status TiffDecoder::ReadTiles(const Picture& picture, size_t row_bytes, uint16_t plane,
                                     const VisitRow& visit) {
  TIFF* tiff = picture.file.get();
  const int64_t tile_width = picture.file.Field(TIFFTAG_TILEWIDTH, 0);
  const int64_t tile_height = picture.file.Field(TIFFTAG_TILELENGTH, 0);
  ARROW_RETURN_NOT_OK(CheckPiece(tile_width, tile_height, picture.max_pixels));
  const size_t samples = picture.layout.is_planar ? 1 : picture.layout.samples;
  const size_t tile_bits = tile_width * samples * picture.layout.bits;
  const size_t tile_row = tile_bits / 8;
  if (tile_row == 0 || tile_bits % 8 != 0 || tile_height == 0 ||
      TIFFTileSize(tiff) != static_cast<tmsize_t>(tile_row * tile_height)) {
    return UnequalSizes(TIFFTileRowSize(tiff), tile_row);
  }
  const int band_rows = static_cast<int>(std::min<int64_t>(tile_height, picture.height));
  ARROW_RETURN_NOT_OK(picture.budget.Take(tile_row * tile_height + row_bytes * band_rows));
  uint8_t* tile = tile_.Get(tile_row * tile_height);
  uint8_t* band = band_.Get(row_bytes * band_rows);
  for (int top = 0; top < picture.height; top += band_rows) {
    const int rows = std::min(band_rows, picture.height - top);
    for (int64_t left = 0; left < picture.width; left += tile_width) {
      const uint32_t index =
          TIFFComputeTile(tiff, static_cast<uint32_t>(left), static_cast<uint32_t>(top), 0, plane);
      if (TIFFReadEncodedTile(tiff, index, tile, static_cast<tmsize_t>(tile_row * tile_height)) <
          0) {
        return picture.file.Failure();
      }
      ARROW_RETURN_NOT_OK(picture.budget.Spend(tile_width * tile_height));
      const size_t at = left / tile_width * tile_row;
      const size_t bytes = std::min(tile_row, row_bytes - at);
      for (int r = 0; r < rows; ++r) {
        std::memcpy(band + row_bytes * r + at, tile + tile_row * r, bytes);
      }
    }
    for (int r = 0; r < rows; ++r) {
      ARROW_RETURN_NOT_OK(visit(top + r, band + row_bytes * r));
    }
  }
  return arrow::Status::OK();
}

arrow::Status TiffDecoder::ReadPlanes(const Picture& picture) {
  const size_t plane_bytes = static_cast<size_t>(picture.width) * picture.height;
  ARROW_RETURN_NOT_OK(picture.budget.Take(plane_bytes * picture.layout.samples));
  uint8_t* planes = planes_.Get(plane_bytes * picture.layout.samples);
  TiffLayout one = picture.layout;
  one.samples = 1;
  for (int s = 0; s < picture.layout.samples; ++s) {
    one.is_inverted = picture.layout.is_inverted && s == 0;
    ARROW_RETURN_NOT_OK(ReadRows(picture, static_cast<uint16_t>(s), [&](int y, const uint8_t* row) {
      TiffSamplesToBytes(one, row, picture.width,
                         planes + plane_bytes * s + static_cast<size_t>(picture.width) * y);
      return picture.budget.Spend(picture.width);
    }));
  }
  return arrow::Status::OK();
}

arrow::Status TiffDecoder::ReadConverted(const Picture& picture) {
  TIFF* tiff = picture.file.get();
  const bool is_tiled = TIFFIsTiled(tiff) != 0;
  const uint32_t width = static_cast<uint32_t>(picture.width);
  const uint32_t height = static_cast<uint32_t>(picture.height);
  const uint32_t piece_width = is_tiled ? picture.file.Field(TIFFTAG_TILEWIDTH, 0) : width;
  // A strip may claim more rows than there are; a tile has all of them.
  const uint32_t piece_height =
      is_tiled ? picture.file.Field(TIFFTAG_TILELENGTH, 0)
               : std::min(height, picture.file.Field(TIFFTAG_ROWSPERSTRIP, height));
  ARROW_RETURN_NOT_OK(CheckPiece(piece_width, piece_height, picture.max_pixels));
  if (piece_width == 0 || piece_height == 0) return UnequalSizes(piece_width, width);
  const size_t piece_pixels = static_cast<size_t>(piece_width) * piece_height;
  const size_t row_bytes = static_cast<size_t>(width) * 3;
  ARROW_RETURN_NOT_OK(picture.budget.Take(piece_pixels * 4 + row_bytes * piece_height));
  auto* raster = reinterpret_cast<uint32_t*>(tile_.Get(piece_pixels * 4));
  uint8_t* band = band_.Get(row_bytes * piece_height);
  for (uint32_t top = 0; top < height; top += piece_height) {
    const uint32_t rows = std::min(piece_height, height - top);
    for (uint32_t left = 0; left < width; left += piece_width) {
      const int read = is_tiled ? TIFFReadRGBATileExt(tiff, left, top, raster, /*stop=*/1)
                                : TIFFReadRGBAStripExt(tiff, top, raster, /*stop=*/1);
      if (read == 0) return picture.file.Failure();
      ARROW_RETURN_NOT_OK(picture.budget.Spend(static_cast<int64_t>(piece_pixels)));
      // From the bottom up: of a tile all rows, of the last strip those that there are.
      const uint32_t last = (is_tiled ? piece_height : rows) - 1;
      const uint32_t columns = std::min(piece_width, width - left);
      for (uint32_t r = 0; r < rows; ++r) {
        const uint32_t* from = raster + static_cast<size_t>(last - r) * piece_width;
        uint8_t* to = band + row_bytes * r + static_cast<size_t>(left) * 3;
        for (uint32_t x = 0; x < columns; ++x, to += 3) {
          to[0] = TIFFGetR(from[x]);
          to[1] = TIFFGetG(from[x]);
          to[2] = TIFFGetB(from[x]);
        }
      }
    }
    for (uint32_t r = 0; r < rows; ++r) {
      ARROW_ASSIGN_OR_RAISE(uint8_t * rgb, strips_.NextRow());
      std::memcpy(rgb, band + row_bytes * r, row_bytes);
    }
  }
  return arrow::Status::OK();
}

}  // namespace pomona::image
