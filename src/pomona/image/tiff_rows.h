#pragma once

#include <cstdint>

#include "pomona/image/tiff_layout.h"

namespace pomona::image {

/// A row of samples as libtiff gives them, to bytes, [width, samples]: indices as they are; grey
/// of less than 8 bits stretched, of more cut at 255; colours of 16 bits by their high byte. All
/// of it Pillow's.
void TiffSamplesToBytes(const TiffLayout& layout, const uint8_t* row, int width, uint8_t* bytes);

/// Such bytes to [width, 3] RGB without alpha, as Pillow's convert("RGB").
void TiffBytesToRgb(const TiffLayout& layout, const uint8_t* bytes, int width, uint8_t* rgb);

/// Such bytes to [width, 4] RGBA, where `layout.alpha` is not kNone.
void TiffBytesToRgba(const TiffLayout& layout, const uint8_t* bytes, int width, uint8_t* rgba);

}  // namespace pomona::image
