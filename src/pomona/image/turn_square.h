#pragma once

#include <cstdint>

#include "pomona/image.h"

namespace pomona::image {

/// Writes a view of the picture `from` to `to`, pixel for pixel: both are [side, side, 3], uint8,
/// row-major, and do not overlap.
void TurnSquare(View view, int side, const uint8_t* from, uint8_t* to);

}  // namespace pomona::image
