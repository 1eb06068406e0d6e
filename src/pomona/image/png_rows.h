#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pomona::image {

/// How the samples of a PNG lie and what its colours mean.
struct PngFormat {
  int color_type = 0;  ///< 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha
  int bit_depth = 8;
  /// RGBA of each palette index; opaque black where the palette is short, as in Pillow.
  std::array<std::array<uint8_t, 4>, 256> palette;
  /// Grey (in [0]) or RGB that tRNS declares transparent.
  std::optional<std::array<uint16_t, 3>> transparent;

  bool has_alpha() const;
  /// The bytes of one row as stored: samples packed, rows end on a byte.
  size_t RowBytes(int width) const;
};

/// One row as stored (16-bit samples big-endian) to 8 bits a colour, with Pillow's ways:
/// - 1, 2, 4 bits: scaled to 0...255;
/// - 16-bit grey without alpha is *clipped* at 255 (Pillow's "I;16" to RGB);
/// - all other 16-bit samples keep their high byte.
void PngRowToRgb(const PngFormat& format, const uint8_t* row, int width, uint8_t* rgb);

/// The same with alpha. A tRNS colour is compared as Pillow does: its low byte with the
/// 8-bit colour.
void PngRowToRgba(const PngFormat& format, const uint8_t* row, int width, uint8_t* rgba);

}  // namespace pomona::image
