#include "pomona/image/alpha.h"

namespace pomona::image {

void CompositeOn(const std::array<uint8_t, 3>& background, const uint8_t* rgba, int pixels,
                 uint8_t* rgb) {
  for (int i = 0; i < pixels; ++i, rgba += 4, rgb += 3) {
    const uint32_t alpha = rgba[3];
    for (int c = 0; c < 3; ++c) {
      // Pillow's integer steps: 7 more bits, a division by 255 as two shifts.
      const uint32_t t = (rgba[c] * alpha + background[c] * (255 - alpha) + 128) << 7;
      rgb[c] = static_cast<uint8_t>(((t >> 8) + t) >> 8 >> 7);
    }
  }
}

}  // namespace pomona::image
