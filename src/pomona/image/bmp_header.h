#pragma once

#include <arrow/result.h>

#include <array>
#include <cstdint>
#include <span>

namespace pomona::image {

/// How a BMP stores its pixels.
enum class BmpPixels {
  kIndices,  ///< 1, 4 or 8 bits into the palette
  kRle4,     ///< runs of 4-bit indices
  kRle8,     ///< runs of 8-bit indices
  kRgb555,   ///< 16 bits, the highest unused
  kRgb565,   ///< 16 bits
  kBytes,    ///< 24 or 32 bits, a byte a colour
};

/// What is before the pixels of a BMP.
struct BmpHeader {
  int64_t width = 0;
  int64_t height = 0;
  /// The first stored row is the upper one; else the lowest.
  bool top_down = false;
  BmpPixels pixels = BmpPixels::kIndices;
  int bits = 0;
  /// With kBytes, these say where in a pixel the colours lie. Alpha is -1 where there is none.
  int red = 2, green = 1, blue = 0, alpha = -1;
  /// RGB of every index; what the file's palette lacks is black, as in Pillow.
  std::array<std::array<uint8_t, 3>, 256> palette{};
  /// Where the pixels begin; may lie behind the end of the file.
  size_t offset = 0;
};

/// Reads the header and the palette, as Pillow: BITMAPCOREHEADER, BITMAPINFOHEADER and what was
/// made of it (V2 to V5, OS/2 2), with the bit masks that Pillow knows. Errors: Rejected(...).
arrow::Result<BmpHeader> ParseBmpHeader(std::span<const uint8_t> encoded);

}  // namespace pomona::image
