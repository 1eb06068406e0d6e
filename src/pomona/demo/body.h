#pragma once

#include <array>
#include <cmath>

#include "pomona/demo/canvas.h"
#include "pomona/demo/vec3.h"

namespace pomona {

/// A fruit's outline: an ellipse of half height 1 that is widened, bent, or both.
struct Outline {
  float width = 1;  ///< half width
  float bend = 0;   ///< sideways shift of the ends
  /// Factors on the ellipse's width from the lower end to the upper one, evenly spaced.
  std::array<float, 9> profile = {1, 1, 1, 1, 1, 1, 1, 1, 1};

  /// 0 in the middle, 1 on the outline. `u` gets -1 to 1 across.
  float Inside(float x, float y, float* u) const {
    const float place = std::clamp((y + 1) * 4, 0.0F, 7.9999F);
    const int i = static_cast<int>(place);
    const float t = place - static_cast<float>(i);
    const float p0 = profile[i > 0 ? i - 1 : 0], p1 = profile[i], p2 = profile[i + 1],
                p3 = profile[i < 7 ? i + 2 : 8];
    const float factor =
        p1 +
        0.5F * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
    const float slant = 2 * bend * y;
    *u = (x - bend * y * y) / std::sqrt(1 + slant * slant) / (width * std::max(factor, 0.05F));
    return std::sqrt(*u * *u + y * y);
  }
};

/// Where a body stands in the image, and how it is turned.
struct Pose {
  Point2 middle;    ///< pixels
  float size = 40;  ///< half height, pixels
  float angle = 0;  ///< of the outline in the image's plane, radians
  Turn turn;        ///< of the skin on the outline

  /// A point of the outline's own plane, in the image.
  Point2 ToImage(float x, float y) const {
    const float c = std::cos(angle), s = std::sin(angle);
    return {middle.x + size * (c * x - s * y), middle.y + size * (s * x + c * y)};
  }
};

/// The lamp.
struct Light {
  Vec3 direction{-0.35F, 0.5F, 0.8F};  ///< towards it
  Vec3 tint{1, 1, 1};
  float strength = 1;
};

/// A place on the skin.
struct Skin {
  Vec3 at;     ///< on the unit sphere, in the fruit's own frame: stem at +y, flower at -y
  float u, v;  ///< in the outline: across and along, -1 to 1
};

/// What the skin is like there.
struct Finish {
  Vec3 colour;
  float gloss = 0.3F;  ///< of the highlight, 0 to 1
  Vec3 bump;           ///< added to the normal, in the image's frame
};

/// What light makes of a finish. `normal`: unit length, z towards the viewer.
inline Vec3 Shade(const Finish& finish, Vec3 normal, const Light& light) {
  const Vec3 lamp = Unit(light.direction);
  const float facing = std::max(Dot(normal, lamp), 0.0F);
  const float mirror = std::max(Dot(normal, Unit(lamp + Vec3{0, 0, 1})), 0.0F);
  const float m4 = mirror * mirror * mirror * mirror;
  const float m8 = m4 * m4;
  const float m32 = m8 * m8 * m8 * m8;
  const float rim = 0.80F + 0.20F * Clamp01(normal.z * 1.4F);
  const float diffuse = (0.50F + 0.62F * facing) * rim * light.strength;
  return finish.colour * light.tint * diffuse +
         Vec3{1, 1, 1} * (finish.gloss * (0.85F * m32 + 0.12F * m8) * light.strength);
}

/// Paints a solid with that outline; `finish_at(const Skin&)` gives its Finish.
template <class FinishAt>
void PaintBody(Canvas& canvas, const Outline& outline, const Pose& pose, const Light& light,
               FinishAt&& finish_at) {
  const float c = std::cos(pose.angle), s = std::sin(pose.angle);
  const float reach = pose.size * (1.3F + std::abs(outline.bend));
  Canvas::ForEachNear(pose.middle, reach, [&](int column, int row, Point2 p) {
    const float dx = (p.x - pose.middle.x) / pose.size, dy = (p.y - pose.middle.y) / pose.size;
    const float x = c * dx + s * dy, y = c * dy - s * dx;
    Skin skin;
    skin.v = y;
    const float inside = outline.Inside(x, y, &skin.u);
    if (inside > 1.25F) return;
    constexpr float kStep = 0.01F;
    float unused;
    const float slope_x = (outline.Inside(x + kStep, y, &unused) - inside) / kStep;
    const float slope_y = (outline.Inside(x, y + kStep, &unused) - inside) / kStep;
    const float slope = std::sqrt(slope_x * slope_x + slope_y * slope_y);
    const float coverage = Clamp01(0.5F + (1 - inside) / std::max(slope, 1e-3F) * pose.size);
    if (coverage == 0) return;

    const float near = std::min(inside, 0.9995F);
    const float depth = std::sqrt(1 - near * near);
    const float shrink = inside > near ? near / inside : 1;
    const Vec3 sphere{skin.u * shrink, skin.v * shrink, depth};
    // The solid is about as deep as it is wide.
    const Vec3 normal = Unit({near * (c * slope_x - s * slope_y),
                              near * (s * slope_x + c * slope_y), depth / outline.width});
    skin.at = pose.turn.Back(sphere);
    const Finish finish = finish_at(skin);
    canvas.Blend(column, row, Shade(finish, Unit(normal + finish.bump), light), coverage);
  });
}

}  // namespace pomona
