#include "pomona/image/upright.h"

#include <algorithm>
#include <cstring>

namespace pomona::image {
namespace {

/// Source pixel of result pixel (x, y): start + x * step_x + y * step_y, in pixels.
struct Walk {
  ptrdiff_t start, step_x, step_y;
};

Walk WalkOf(int orientation, ptrdiff_t w, ptrdiff_t h) {
  const ptrdiff_t last_row = (h - 1) * w;
  switch (orientation) {
    case 2:
      return {w - 1, -1, w};
    case 3:
      return {last_row + w - 1, -1, -w};
    case 4:
      return {last_row, 1, -w};
    case 5:
      return {0, w, 1};
    case 6:
      return {last_row, -w, 1};
    case 7:
      return {last_row + w - 1, -w, -1};
    case 8:
      return {w - 1, w, -1};
    default:
      return {0, 1, w};
  }
}

}  // namespace

void Upright::Start(int width, int height, int orientation) {
  width_ = width;
  height_ = height;
  orientation_ = orientation;
  swaps_ = orientation >= 5;
  rows_in_ = 0;
  picture_.Get(static_cast<size_t>(width) * height * 3);
}

void Upright::Push(const uint8_t* rows, size_t stride, int count) {
  const size_t bytes = static_cast<size_t>(width_) * 3;
  for (int r = 0; r < count; ++r, ++rows_in_) {
    std::memcpy(picture_.Get(0) + rows_in_ * bytes, rows + stride * r, bytes);
  }
}

void Upright::Finish(Resampler& to) {
  constexpr int kStrip = 16;
  const Walk walk = WalkOf(orientation_, width_, height_);
  const size_t stride = static_cast<size_t>(out_width()) * 3 + kRowPadding;
  uint8_t* strip = strip_.Get(stride * kStrip);
  for (int y = 0; y < out_height(); y += kStrip) {
    const int rows = std::min(kStrip, out_height() - y);
    // Column by column: for a turned image that reads along the source rows.
    for (int x = 0; x < out_width(); ++x) {
      for (int r = 0; r < rows; ++r) {
        const ptrdiff_t from = walk.start + x * walk.step_x + (y + r) * walk.step_y;
        std::memcpy(strip + stride * r + static_cast<size_t>(x) * 3, picture_.Get(0) + from * 3, 3);
      }
    }
    to.Push(strip, stride, rows);
  }
  picture_.ShrinkTo(64 << 20);
}

}  // namespace pomona::image
