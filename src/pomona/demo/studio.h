#pragma once

#include "pomona/base/random.h"
#include "pomona/demo/body.h"
#include "pomona/demo/noise.h"

namespace pomona {

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
