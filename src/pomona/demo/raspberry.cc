#include <algorithm>
#include <vector>

#include "pomona/demo/fruit.h"
#include "pomona/demo/studio.h"

namespace pomona {

void DrawRaspberry(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 39);
  pose.angle = random.Range(-1.2F, 1.2F);
  const float width = random.Range(0.76F, 0.90F);
  const Turn turn = Turn::Of(random.Range(-kPi, kPi), random.Range(-0.45F, 0.35F), 0);
  const Vec3 red = Mix(Colour(0xB8132F), Colour(0xD92C46), random.Range(0, 1));
  const uint32_t seed = RandomSeed(random);

  // Drupelets on a sunflower's spiral around the body, which narrows downwards.
  constexpr int kDrupelets = 96;
  std::vector<Vec3> places;
  for (int i = 0; i < kDrupelets; ++i) {
    const float y = 1 - 2 * (static_cast<float>(i) + 0.5F) / kDrupelets;
    const float around = static_cast<float>(i) * 2.39996323F;
    const float radius = std::sqrt(1 - y * y);
    const Vec3 jitter{random.Range(-0.05F, 0.05F), random.Range(-0.05F, 0.05F), 0};
    places.push_back(turn *
                     (Vec3{radius * std::cos(around), y, radius * std::sin(around)} + jitter));
  }
  std::stable_sort(places.begin(), places.end(), [](Vec3 a, Vec3 b) { return a.z < b.z; });

  const auto sepals = [&] {
    const Vec3 green = Mix(Colour(0x6F9440), Colour(0x8FAE55), random.Range(0, 1));
    for (int i = -2; i <= 2; ++i) {
      const float side = static_cast<float>(i) * 0.30F + random.Range(-0.06F, 0.06F);
      canvas.Leaf(pose.ToImage(side * 0.4F, 0.86F),
                  pose.ToImage(side * 1.7F, 1.12F - 0.10F * std::abs(static_cast<float>(i))), 8,
                  green * random.Range(0.85F, 1.05F));
    }
  };
  const bool calyx = random.Chance(0.6);
  if (calyx) sepals();

  // The core, seen between the drupelets.
  const Outline core{.width = width};
  Pose inner = pose;
  inner.size *= 0.95F;
  PaintBody(canvas, core, inner, light, [](const Skin&) {
    return Finish{Colour(0x5A0A1A), 0, {}};
  });

  const Outline drop;
  for (const Vec3& place : places) {
    if (place.z < -0.25F) continue;
    const float taper = width * (0.90F + 0.16F * place.y);
    Pose at = pose;
    at.middle = pose.ToImage(place.x * taper, place.y * 0.93F);
    at.size = pose.size * (0.155F + 0.04F * place.z) * random.Range(0.94F, 1.08F);
    at.angle = 0;
    const float ripe = Noise(place * 1.5F, seed);
    const Vec3 colour = Mix(red, Colour(0x8E0D26), 0.6F * ripe) * random.Range(0.92F, 1.06F);
    // What looks away from the lamp lies in the others' shade.
    const float lit = 0.70F + 0.36F * Clamp01(Dot(Unit(place), Unit(light.direction)) + 0.15F);
    PaintBody(canvas, drop, at, light, [&](const Skin& skin) {
      const float crease = Smooth(0.25F, 0.75F, skin.at.z);
      return Finish{colour * (lit * (0.55F + 0.45F * crease)), 0.5F * lit, {}};
    });
  }
}

}  // namespace pomona
