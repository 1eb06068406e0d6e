#include "pomona/demo/canvas.h"

namespace pomona {

void Canvas::Stroke(Point2 a, Point2 b, Point2 c, float first, float last, Vec3 colour) {
  constexpr int kPieces = 12;
  std::array<Point2, kPieces + 1> path;
  float reach = 0;
  for (int i = 0; i <= kPieces; ++i) {
    const float t = static_cast<float>(i) / kPieces;
    const float u = 1 - t;
    path[i] = {u * u * a.x + 2 * u * t * b.x + t * t * c.x,
               u * u * a.y + 2 * u * t * b.y + t * t * c.y};
    reach = std::max({reach, std::abs(path[i].x - a.x), std::abs(path[i].y - a.y)});
  }
  ForEachNear(a, reach + std::max(first, last), [&](int column, int row, Point2 p) {
    float coverage = 0;
    float across = 0;
    for (int i = 0; i < kPieces; ++i) {
      const float dx = path[i + 1].x - path[i].x, dy = path[i + 1].y - path[i].y;
      const float px = p.x - path[i].x, py = p.y - path[i].y;
      const float t = Clamp01((px * dx + py * dy) / std::max(dx * dx + dy * dy, 1e-6F));
      const float ox = px - t * dx, oy = py - t * dy;
      const float half = (first + (last - first) * (static_cast<float>(i) + t) / kPieces) / 2;
      const float covered = Clamp01(0.5F + half - std::sqrt(ox * ox + oy * oy));
      if (covered > coverage) {
        coverage = covered;
        across = (oy - ox) / std::max(half, 0.5F);
      }
    }
    if (coverage > 0) {
      Blend(column, row, colour * (1 + 0.28F * std::clamp(across, -1.0F, 1.0F)), coverage);
    }
  });
}

void Canvas::Leaf(Point2 stalk, Point2 tip, float width, Vec3 colour) {
  const float dx = tip.x - stalk.x, dy = tip.y - stalk.y;
  const float length = std::sqrt(dx * dx + dy * dy);
  const Point2 middle{(stalk.x + tip.x) / 2, (stalk.y + tip.y) / 2};
  ForEachNear(middle, length / 2 + width, [&](int column, int row, Point2 p) {
    const float px = p.x - stalk.x, py = p.y - stalk.y;
    const float along = (px * dx + py * dy) / length / length;
    if (along <= 0 || along >= 1) return;
    const float across = (py * dx - px * dy) / length;
    const float half = width * 2 * along * (1 - along) * (1.25F - 0.5F * along);
    const float coverage = Clamp01(0.5F + half - std::abs(across));
    if (coverage == 0) return;
    const float rib = Smooth(1.1F, 0.3F, std::abs(across));
    const float vein = std::abs(std::remainder(along * 7 - std::abs(across) * 0.22F, 1.0F));
    const float light = (across > 0 ? 1.08F : 0.86F) - 0.10F * Smooth(0.16F, 0.04F, vein);
    Blend(column, row, Mix(colour * light, Colour(0xC5D68A), 0.6F * rib), coverage);
  });
}

std::vector<uint8_t> Canvas::ToRgb() const {
  std::vector<uint8_t> rgb;
  rgb.reserve(pixels_.size() * 3);
  for (const Vec3& pixel : pixels_) {
    for (const float channel : {pixel.x, pixel.y, pixel.z}) {
      rgb.push_back(static_cast<uint8_t>(Clamp01(channel) * 255 + 0.5F));
    }
  }
  return rgb;
}

}  // namespace pomona
