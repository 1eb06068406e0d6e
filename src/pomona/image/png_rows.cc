#include "pomona/image/png_rows.h"

#include <algorithm>
#include <cstring>

namespace pomona::image {
namespace {

int Channels(int color_type) {
  switch (color_type) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

/// Sample `i` of a row with 1, 2, 4 or 8 bits a sample.
int Sample(const uint8_t* row, int i, int bit_depth) {
  if (bit_depth == 8) return row[i];
  const int per_byte = 8 / bit_depth;
  const int shift = (per_byte - 1 - i % per_byte) * bit_depth;
  return row[i / per_byte] >> shift & ((1 << bit_depth) - 1);
}

uint8_t Grey(const uint8_t* row, int i, int bit_depth) {
  if (bit_depth == 16) return row[2 * i] == 0 ? row[2 * i + 1] : 255;
  return static_cast<uint8_t>(Sample(row, i, bit_depth) * (255 / ((1 << bit_depth) - 1)));
}

/// Calls put(i, r, g, b, a) for each pixel; alpha is 255 where the format has none.
template <class Put>
void ForEachPixel(const PngFormat& format, const uint8_t* row, int width, Put put) {
  const int depth = format.bit_depth;
  // Bytes from one sample to the next, where samples are whole bytes.
  const int step = depth == 16 ? 2 : 1;
  switch (format.color_type) {
    case 0:
      for (int i = 0; i < width; ++i) {
        const uint8_t v = Grey(row, i, depth);
        put(i, v, v, v, 255);
      }
      break;
    case 2:
      for (int i = 0; i < width; ++i, row += 3 * step) {
        put(i, row[0], row[step], row[2 * step], 255);
      }
      break;
    case 3:
      for (int i = 0; i < width; ++i) {
        const auto& c = format.palette[Sample(row, i, depth)];
        put(i, c[0], c[1], c[2], c[3]);
      }
      break;
    case 4:
      for (int i = 0; i < width; ++i, row += 2 * step) put(i, row[0], row[0], row[0], row[step]);
      break;
    default:
      for (int i = 0; i < width; ++i, row += 4 * step) {
        put(i, row[0], row[step], row[2 * step], row[3 * step]);
      }
  }
}

}  // namespace

bool PngFormat::has_alpha() const {
  if (color_type == 4 || color_type == 6 || transparent.has_value()) return true;
  return color_type == 3 && std::any_of(palette.begin(), palette.end(),
                                        [](const auto& entry) { return entry[3] != 255; });
}

size_t PngFormat::RowBytes(int width) const {
  return (static_cast<size_t>(width) * Channels(color_type) * bit_depth + 7) / 8;
}

void PngRowToRgb(const PngFormat& format, const uint8_t* row, int width, uint8_t* rgb) {
  if (format.color_type == 2 && format.bit_depth == 8) {
    std::memcpy(rgb, row, static_cast<size_t>(width) * 3);
    return;
  }
  ForEachPixel(format, row, width, [rgb](int i, uint8_t r, uint8_t g, uint8_t b, uint8_t) {
    rgb[3 * i] = r;
    rgb[3 * i + 1] = g;
    rgb[3 * i + 2] = b;
  });
}

void PngRowToRgba(const PngFormat& format, const uint8_t* row, int width, uint8_t* rgba) {
  std::array<uint8_t, 3> clear{};
  if (format.transparent) {
    for (int c = 0; c < 3; ++c) {
      const uint16_t value = (*format.transparent)[format.color_type == 2 ? c : 0];
      // Pillow keeps 1-bit images as 0 and 255.
      clear[c] = static_cast<uint8_t>(format.bit_depth == 1 ? (value != 0 ? 255 : 0) : value);
    }
  }
  const bool compare = format.transparent.has_value();
  ForEachPixel(format, row, width, [&](int i, uint8_t r, uint8_t g, uint8_t b, uint8_t a) {
    rgba[4 * i] = r;
    rgba[4 * i + 1] = g;
    rgba[4 * i + 2] = b;
    rgba[4 * i + 3] = compare && r == clear[0] && g == clear[1] && b == clear[2] ? 0 : a;
  });
}

}  // namespace pomona::image
