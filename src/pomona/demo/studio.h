#pragma once

#include <cmath>
#include <cstdint>

#include "pomona/base/random.h"
#include "pomona/demo/body.h"
#include "pomona/demo/vec3.h"

namespace pomona {

/// Noise of [0, 1]: a value at each point of the unit lattice, smoothly joined. Cost: about 15 ns.
inline float Noise(Vec3 p, uint32_t seed) {
  const float fx = std::floor(p.x), fy = std::floor(p.y), fz = std::floor(p.z);
  const auto corner = [&](uint32_t dx, uint32_t dy, uint32_t dz) {
    // Through int32_t: a negative float does not convert to an unsigned number.
    uint32_t hash = (static_cast<uint32_t>(static_cast<int32_t>(fx)) + dx) * 0x8DA6B343U ^
                    (static_cast<uint32_t>(static_cast<int32_t>(fy)) + dy) * 0xD8163841U ^
                    (static_cast<uint32_t>(static_cast<int32_t>(fz)) + dz) * 0xCB1AB31FU ^ seed;
    hash = (hash ^ hash >> 15) * 0x2C1B3C6DU;
    hash = (hash ^ hash >> 12) * 0x297A2D39U;
    return static_cast<float>((hash ^ hash >> 15) >> 8) * 0x1p-24F;
  };
  const auto ease = [](float t) { return t * t * (3 - 2 * t); };
  const auto mix = [](float a, float b, float t) { return a + (b - a) * t; };
  const float x = ease(p.x - fx), y = ease(p.y - fy), z = ease(p.z - fz);
  return mix(
      mix(mix(corner(0, 0, 0), corner(1, 0, 0), x), mix(corner(0, 1, 0), corner(1, 1, 0), x), y),
      mix(mix(corner(0, 0, 1), corner(1, 0, 1), x), mix(corner(0, 1, 1), corner(1, 1, 1), x), y),
      z);
}

inline constexpr float kPi = 3.14159265F;

/// A lamp somewhere up and in front, mostly from the left.
inline Light RandomLight(Random& random) {
  const float warmth = random.Range(-0.03F, 0.04F);
  return {.direction = {random.Range(-0.75F, 0.25F), random.Range(0.25F, 0.8F), 0.8F},
          .tint = {1 + warmth, 1, 1 - warmth},
          .strength = random.Range(0.93F, 1.12F)};
}

/// Half height of about `size` pixels, near the middle, upright.
inline Pose RandomPose(Random& random, float size) {
  return {.middle = {random.Range(-3, 3), random.Range(-3, 3)},
          .size = size * random.Range(0.90F, 1.06F),
          .angle = 0,
          .turn = {}};
}

/// A different noise for each image.
inline uint32_t RandomSeed(Random& random) { return static_cast<uint32_t>(random.Next()); }

/// Fine dents and bumps in the skin: `grain` a unit, of that `depth`.
inline Vec3 Bumps(Vec3 at, float grain, float depth, uint32_t seed) {
  const Vec3 p = at * grain;
  return {(Noise(p, seed) - 0.5F) * depth, (Noise(p, seed ^ 0x9E3779B9U) - 0.5F) * depth, 0};
}

/// Light marks or dark spots: 1 in them, 0 elsewhere. `rarity`: 0.6 for many, 0.9 for few.
inline float Spots(Vec3 at, float grain, float rarity, uint32_t seed) {
  return Smooth(rarity, rarity + 0.08F, Noise(at * grain, seed));
}

/// Streaks that run from pole to pole.
inline float Streaks(Vec3 at, float grain, uint32_t seed) {
  const float across = std::max(std::sqrt(at.x * at.x + at.z * at.z), 1e-4F);
  return Noise({at.x / across * grain, at.y * 1.3F, at.z / across * grain}, seed);
}

}  // namespace pomona
