#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pomona {

/// A direction, a position or a colour (red, green, blue; 0 to 1).
struct Vec3 {
  float x = 0, y = 0, z = 0;
};

inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
inline Vec3 operator*(Vec3 a, float f) { return {a.x * f, a.y * f, a.z * f}; }
inline float Dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 Unit(Vec3 a) { return a * (1 / std::sqrt(std::max(Dot(a, a), 1e-12F))); }

/// `a` at 0, `b` at 1.
inline Vec3 Mix(Vec3 a, Vec3 b, float share) { return a + (b - a) * share; }

inline float Clamp01(float value) { return std::clamp(value, 0.0F, 1.0F); }

/// 0 below `from`, 1 above `to`, smooth between; `from` may be the larger one.
inline float Smooth(float from, float to, float value) {
  const float t = Clamp01((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/// 0xRRGGBB.
inline Vec3 Colour(uint32_t rgb) {
  return {static_cast<float>(rgb >> 16 & 255) / 255, static_cast<float>(rgb >> 8 & 255) / 255,
          static_cast<float>(rgb & 255) / 255};
}

/// A rotation in space.
struct Turn {
  Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};  ///< rows

  /// About the upright axis by `spin`, then towards the viewer by `tilt`, then in the plane
  /// of the image by `roll`. Radians.
  static Turn Of(double spin, double tilt, double roll) {
    const auto c = [](double angle) { return static_cast<float>(std::cos(angle)); };
    const auto s = [](double angle) { return static_cast<float>(std::sin(angle)); };
    const Turn about_y{{c(spin), 0, s(spin)}, {0, 1, 0}, {-s(spin), 0, c(spin)}};
    const Turn about_x{{1, 0, 0}, {0, c(tilt), -s(tilt)}, {0, s(tilt), c(tilt)}};
    const Turn about_z{{c(roll), -s(roll), 0}, {s(roll), c(roll), 0}, {0, 0, 1}};
    return about_z * (about_x * about_y);
  }

  Vec3 operator*(Vec3 v) const { return {Dot(x, v), Dot(y, v), Dot(z, v)}; }
  /// The inverse rotation of `v`.
  Vec3 Back(Vec3 v) const { return x * v.x + y * v.y + z * v.z; }

  Turn operator*(const Turn& other) const { return {other.Back(x), other.Back(y), other.Back(z)}; }
};

}  // namespace pomona
