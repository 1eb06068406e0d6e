#pragma once

#include <array>
#include <cstdint>

namespace pomona::image {

/// RGBA over an opaque background, equal to Pillow's
/// Image.alpha_composite(Image.new("RGBA", size, background + (255,)), rgba): every colour is
/// (colour * alpha + background * (255 - alpha)) / 255, rounded to nearest.
void CompositeOn(const std::array<uint8_t, 3>& background, const uint8_t* rgba, int pixels,
                 uint8_t* rgb);

}  // namespace pomona::image
