#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "pomona/demo/vec3.h"

namespace pomona {

/// A point of the image in pixels: x to the right, y upwards, (0, 0) in the middle.
struct Point2 {
  float x = 0, y = 0;
};

/// The image while it is painted: white at first, later strokes over earlier ones.
/// Edges are soft: a pixel takes the share of the paint that covers it.
class Canvas {
 public:
  static constexpr int kSize = 100;  ///< pixels, both ways

  Canvas() : pixels_(static_cast<size_t>(kSize) * kSize, Vec3{1, 1, 1}) {}

  /// `coverage`: 0 to 1.
  void Blend(int column, int row, Vec3 colour, float coverage) {
    Vec3& pixel = pixels_[static_cast<size_t>(row) * kSize + static_cast<size_t>(column)];
    pixel = Mix(pixel, colour, coverage);
  }

  /// The middle of a pixel.
  static Point2 At(int column, int row) {
    constexpr float kMiddle = (kSize - 1) / 2.0F;
    return {static_cast<float>(column) - kMiddle, kMiddle - static_cast<float>(row)};
  }

  /// Calls paint(column, row, point) for the pixels within `radius` of `middle` both ways.
  template <class Paint>
  static void ForEachNear(Point2 middle, float radius, Paint&& paint) {
    constexpr float kMiddle = (kSize - 1) / 2.0F;
    const auto bound = [](float value) {
      return static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(kSize)));
    };
    const int left = bound(middle.x - radius + kMiddle),
              right = bound(middle.x + radius + kMiddle + 2);
    const int top = bound(kMiddle - middle.y - radius),
              bottom = bound(kMiddle - middle.y + radius + 2);
    for (int row = top; row < bottom; ++row) {
      for (int column = left; column < right; ++column) paint(column, row, At(column, row));
    }
  }

  /// A rounded line along the curve from `a` to `c` that bends towards `b` (a quadratic
  /// Bezier), with a width that goes from `first` to `last` pixels, lit from the left.
  void Stroke(Point2 a, Point2 b, Point2 c, float first, float last, Vec3 colour);

  /// A pointed leaf from `stalk` to `tip` with a lighter midrib; `width` in pixels.
  void Leaf(Point2 stalk, Point2 tip, float width, Vec3 colour);

  /// [kSize, kSize, 3] uint8, RGB, row-major.
  std::vector<uint8_t> ToRgb() const;

 private:
  std::vector<Vec3> pixels_;
};

}  // namespace pomona
