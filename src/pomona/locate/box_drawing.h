#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pomona/image/image_reader.h"

namespace pomona {

/// A part of a picture, in its pixels.
struct PixelBox {
  std::string label;
  float score = 0;
  int32_t x = 0, y = 0, width = 0, height = 0;
};

/// A picture with its boxes and their labels as SVG, which browsers show. `encoded`: the image's
/// file, which is part of it. `upright`: it is turned as its EXIF says.
std::string DrawBoxes(std::span<const uint8_t> encoded, ImageSize size,
                      const std::vector<PixelBox>& boxes, bool upright);

}  // namespace pomona
