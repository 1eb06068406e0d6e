#include "pomona/image/turn_square.h"

#include <cstddef>
#include <cstring>

namespace pomona::image {
namespace {

/// Where in the picture, in pixels, the first pixel of the view lies, and how far from each to the
/// next one below and to the right.
struct Way {
  std::ptrdiff_t first, down, right;
};

Way WayOf(View view, std::ptrdiff_t side) {
  const std::ptrdiff_t last = side - 1;
  switch (view) {
    case View::kRot90:
      return {last, -1, side};
    case View::kRot180:
      return {last * side + last, -side, -1};
    case View::kRot270:
      return {last * side, 1, -side};
    case View::kMirror:
      return {last, side, -1};
    case View::kMirrorRot90:
      return {0, 1, side};
    case View::kMirrorRot180:
      return {last * side, -side, 1};
    case View::kMirrorRot270:
      return {last * side + last, -1, -side};
  }
  return {0, side, 1};
}

}  // namespace

void TurnSquare(View view, int side, const uint8_t* from, uint8_t* to) {
  constexpr std::ptrdiff_t kChannels = 3;
  const Way way = WayOf(view, side);
  for (std::ptrdiff_t y = 0; y < side; ++y) {
    const uint8_t* pixel = from + (way.first + y * way.down) * kChannels;
    for (int x = 0; x < side; ++x) {
      std::memcpy(to, pixel, kChannels);
      to += kChannels;
      pixel += way.right * kChannels;
    }
  }
}

}  // namespace pomona::image
