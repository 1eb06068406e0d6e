#include "pomona/image/tiff_rows.h"

#include <algorithm>
#include <cstring>

namespace pomona::image {
namespace {

/// Number `i` of those at `row`, which need not be aligned.
template <typename T>
T NumberAt(const uint8_t* row, size_t i) {
  T value;
  std::memcpy(&value, row + i * sizeof(T), sizeof(T));
  return value;
}

/// What is below 0, or not a number, is 0; what is above 255 is 255.
template <typename T>
uint8_t Cut(T value) {
  return !(value > 0) ? 0 : value >= T{255} ? 255 : static_cast<uint8_t>(value);
}

template <typename T>
void CutAll(const uint8_t* row, size_t count, uint8_t* bytes) {
  for (size_t i = 0; i < count; ++i) bytes[i] = Cut(NumberAt<T>(row, i));
}

/// Samples of 1, 2 or 4 bits.
void Unpack(const uint8_t* row, size_t count, size_t bits, int scale, uint8_t* bytes) {
  const size_t per_byte = 8 / bits;
  const int mask = (1 << bits) - 1;
  for (size_t i = 0; i < count; ++i) {
    const size_t shift = bits * (per_byte - 1 - i % per_byte);
    bytes[i] = static_cast<uint8_t>((row[i / per_byte] >> shift & mask) * scale);
  }
}

void Cut12Bits(const uint8_t* row, size_t count, uint8_t* bytes) {
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* pair = row + i / 2 * 3;
    bytes[i] = Cut(i % 2 == 0 ? pair[0] << 4 | pair[1] >> 4 : (pair[1] & 15) << 8 | pair[2]);
  }
}

/// Pillow's: of colours multiplied by `alpha` the colours themselves.
uint8_t Divided(int colour, int alpha) {
  return alpha == 0 ? 0 : static_cast<uint8_t>(std::min(colour * 255 / alpha, 255));
}

void InkToRgb(const uint8_t* cmyk, uint8_t* rgb) {
  const int white = 255 - cmyk[3];
  for (int c = 0; c < 3; ++c) {
    const int t = cmyk[c] * white + 128;
    rgb[c] = static_cast<uint8_t>(std::max(white - (((t >> 8) + t) >> 8), 0));
  }
}

void PixelToRgb(const TiffLayout& layout, const uint8_t* pixel, uint8_t* rgb) {
  switch (layout.colours) {
    case TiffColours::kGrey:
      rgb[0] = rgb[1] = rgb[2] = pixel[0];
      break;
    case TiffColours::kPalette:
      std::memcpy(rgb, layout.palette[pixel[0]].data(), 3);
      break;
    case TiffColours::kRgb:
    case TiffColours::kYcc:
      for (int c = 0; c < 3; ++c) {
        rgb[c] = layout.alpha == TiffAlpha::kPremultiplied ? Divided(pixel[c], pixel[3]) : pixel[c];
      }
      break;
    case TiffColours::kCmyk:
      InkToRgb(pixel, rgb);
      break;
  }
}

}  // namespace

void TiffSamplesToBytes(const TiffLayout& layout, const uint8_t* row, int width, uint8_t* bytes) {
  const size_t count = static_cast<size_t>(width) * layout.samples;
  if (layout.bits < 8) {
    const int levels = (1 << layout.bits) - 1;
    Unpack(row, count, layout.bits, layout.colours == TiffColours::kPalette ? 1 : 255 / levels,
           bytes);
  } else if (layout.bits == 8) {
    std::memcpy(bytes, row, count);
  } else if (layout.bits == 12) {
    Cut12Bits(row, count, bytes);
  } else if (layout.bits == 16 && layout.colours != TiffColours::kGrey) {
    for (size_t i = 0; i < count; ++i) {
      bytes[i] = static_cast<uint8_t>(NumberAt<uint16_t>(row, i) >> 8);
    }
  } else if (layout.bits == 16 && layout.sample == TiffSample::kUnsigned) {
    CutAll<uint16_t>(row, count, bytes);
  } else if (layout.bits == 16) {
    CutAll<int16_t>(row, count, bytes);
  } else if (layout.sample == TiffSample::kFloat) {
    CutAll<float>(row, count, bytes);
  } else {
    // Without a sign, too: Pillow reads both as numbers with one.
    CutAll<int32_t>(row, count, bytes);
  }
  if (layout.is_inverted) {
    for (size_t i = 0; i < count; i += layout.samples) bytes[i] = 255 - bytes[i];
  }
}

void TiffBytesToRgb(const TiffLayout& layout, const uint8_t* bytes, int width, uint8_t* rgb) {
  for (int x = 0; x < width; ++x, bytes += layout.samples, rgb += 3) {
    PixelToRgb(layout, bytes, rgb);
  }
}

void TiffBytesToRgba(const TiffLayout& layout, const uint8_t* bytes, int width, uint8_t* rgba) {
  for (int x = 0; x < width; ++x, bytes += layout.samples, rgba += 4) {
    PixelToRgb(layout, bytes, rgba);
    rgba[3] = bytes[layout.ColourSamples()];
  }
}

}  // namespace pomona::image
