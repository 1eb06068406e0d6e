// Fruits that are round enough to be seen from any side.

#include "pomona/demo/fruit.h"
#include "pomona/demo/studio.h"

namespace pomona {
namespace {

/// A stem of `length` pixels out of the upper pole of a round body.
void Stem(Canvas& canvas, const Pose& pose, float width, float length, Vec3 colour, Random& random,
          bool* behind) {
  const Vec3 pole = pose.turn * Vec3{0, 1, 0};
  const float sunk = 0.84F;
  const Point2 foot = pose.ToImage(pole.x * width * sunk, pole.y * sunk);
  const float lean = random.Range(-0.3F, 0.3F);
  const Point2 tip{foot.x + length * (pole.x + lean), foot.y + length * (pole.y + 0.15F)};
  const Point2 knee{foot.x + length * 0.5F * pole.x, foot.y + length * 0.6F * pole.y};
  *behind = pole.z < -0.15F;
  canvas.Stroke(foot, knee, tip, 3.4F, 2.6F, colour);
}

}  // namespace

void DrawApple(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 42);
  const float tilt = random.Range(-0.25F, 1.1F);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), tilt, random.Range(-0.6F, 0.6F));
  const Outline outline{.width = random.Range(1.0F, 1.08F),
                        .profile = {0.86F, 0.92F, 0.96F, 0.99F, 1, 1.01F, 1.02F, 1.03F, 1.04F}};
  const uint32_t seed = RandomSeed(random);
  const float ripe = random.Range(0.36F, 0.66F);
  const Vec3 ground = Mix(Colour(0xD8C24A), Colour(0xE9B552), random.Range(0, 1));
  const Vec3 red = Mix(Colour(0xA81E22), Colour(0xC8382C), random.Range(0, 1));
  const Vec3 brown = Colour(0x5E4426);
  Random stem_random(seed);
  bool behind = false;
  const auto stem = [&] { Stem(canvas, pose, outline.width, 16, brown, stem_random, &behind); };
  if ((pose.turn * Vec3{0, 1, 0}).z <= 0) stem();
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    const float streak = Streaks(skin.at, 11, seed);
    const float patch = Noise(skin.at * 1.6F, seed + 1);
    const float share = Smooth(
        0.15F, 0.75F, ripe + 0.75F * (patch - 0.5F) + 0.7F * (streak - 0.5F) + 0.2F * skin.at.x);
    Vec3 colour = Mix(ground, red, share);
    colour = Mix(colour, Colour(0xEAD9A0), 0.45F * Spots(skin.at, 13, 0.78F, seed + 2));
    // The hollow around the stem: greenish, and in the dark.
    const float hollow = Smooth(0.86F, 0.985F, skin.at.y);
    colour = Mix(colour, Colour(0x8A7A2C), 0.75F * hollow) * (1 - 0.45F * hollow);
    colour = Mix(colour, brown, 0.8F * Smooth(-0.955F, -0.99F, skin.at.y));
    return Finish{colour, 0.45F, Vec3{0, 0.5F, 0} * hollow * -1};
  });
  if ((pose.turn * Vec3{0, 1, 0}).z > 0) stem();
}

void DrawOrange(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 43);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), random.Range(-1.3F, 1.3F), random.Range(-kPi, kPi));
  const Outline outline{.width = random.Range(0.99F, 1.06F)};
  const uint32_t seed = RandomSeed(random);
  const Vec3 peel = Mix(Colour(0xF28A12), Colour(0xFB9F22), random.Range(0, 1));
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    const float pits = Noise(skin.at * 17, seed);
    Vec3 colour = Mix(peel, Colour(0xE36A0C), 0.5F * Noise(skin.at * 2, seed + 1));
    colour = colour * (0.93F + 0.12F * pits);
    const float button = Smooth(0.985F, 0.992F, skin.at.y);
    const float dimple = Smooth(0.93F, 0.99F, std::abs(skin.at.y));
    colour = Mix(colour * (1 - 0.25F * dimple), Colour(0x6F7B35), 0.9F * button);
    return Finish{colour, 0.30F, Bumps(skin.at, 15, 0.42F, seed)};
  });
}

void DrawPlum(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 42);
  pose.angle = random.Range(-0.8F, 0.8F);
  pose.turn = Turn::Of(random.Range(-1.1F, 1.1F), random.Range(-0.2F, 0.6F), 0);
  const Outline outline{.width = random.Range(0.80F, 0.88F)};
  const uint32_t seed = RandomSeed(random);
  const Vec3 skin_colour = Mix(Colour(0x4A1A3E), Colour(0x5B2148), random.Range(0, 1));
  const float haze = random.Range(0.25F, 0.55F);
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    Vec3 colour =
        Mix(skin_colour, Colour(0x8A2440), 0.6F * Smooth(0.45F, 0.8F, Noise(skin.at * 1.4F, seed)));
    // The bloom: a bluish wax that fingers wipe off.
    const float wax = Noise(skin.at * 2.2F, seed + 1) * 0.7F + Noise(skin.at * 6, seed + 2) * 0.3F;
    colour = Mix(colour, Colour(0x8C8FB5), haze * Smooth(0.32F, 0.75F, wax));
    if (skin.at.z > 0) colour = colour * (1 - 0.5F * Smooth(0.075F, 0.01F, std::abs(skin.at.x)));
    return Finish{colour * (1 - 0.4F * Smooth(0.95F, 0.99F, skin.at.y)), 0.22F, {}};
  });
  bool behind = false;
  Stem(canvas, pose, outline.width, 13, Colour(0x6B5A2E), random, &behind);
}

void DrawKiwi(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 43);
  pose.angle = random.Range(-kPi, kPi);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), random.Range(-0.5F, 0.5F), 0);
  const Outline outline{.width = random.Range(0.76F, 0.86F),
                        .profile = {1.1F, 1.06F, 1.02F, 1, 1, 1, 1.02F, 1.06F, 1.1F}};
  const uint32_t seed = RandomSeed(random);
  const Vec3 fur = Mix(Colour(0x7A5A32), Colour(0x8A6A3A), random.Range(0, 1));
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    const float hair = Noise({skin.u * 26, skin.v * 7, 0}, seed);
    const float patch = Noise(skin.at * 3, seed + 1);
    Vec3 colour = Mix(fur, Colour(0x5A4522), patch) * (0.72F + 0.55F * hair);
    const float end = Smooth(0.955F, 0.985F, std::abs(skin.at.y));
    colour = Mix(colour, Colour(0x3A2A16), 0.85F * end);
    return Finish{colour, 0.05F, Bumps(skin.at, 18, 0.5F, seed)};
  });
  // Hair that stands off the outline.
  for (int i = 0; i < 150; ++i) {
    const float around = random.Range(-kPi, kPi);
    const float x = std::cos(around) * outline.width, y = std::sin(around);
    const float out = random.Range(1.01F, 1.05F);
    const Point2 root = pose.ToImage(x * 0.95F, y * 0.96F);
    const Point2 tip = pose.ToImage(x * out, y * out + random.Range(-0.03F, 0.03F));
    canvas.Stroke(root, root, tip, 1.0F, 0.4F, fur * random.Range(0.7F, 1.1F));
  }
}

void DrawBlueberry(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 37);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), random.Range(0.65F, 1.5F), random.Range(-kPi, kPi));
  const Outline outline{.width = random.Range(1.02F, 1.12F)};
  const uint32_t seed = RandomSeed(random);
  const Vec3 blue = Mix(Colour(0x2C3566), Colour(0x3A4680), random.Range(0, 1));
  const float haze = random.Range(0.45F, 0.75F);
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    const float wax = Noise(skin.at * 2.4F, seed) * 0.65F + Noise(skin.at * 8, seed + 1) * 0.35F;
    Vec3 colour = Mix(blue, Colour(0x8FA0CC), haze * Smooth(0.25F, 0.75F, wax));
    // The crown: five teeth around a hollow.
    const float radius = std::sqrt(skin.at.x * skin.at.x + skin.at.z * skin.at.z);
    if (skin.at.y > 0 && radius < 0.6F) {
      const float x = skin.at.x / std::max(radius, 1e-4F), z = skin.at.z / std::max(radius, 1e-4F);
      const float teeth = x * (x * x * x * x - 10 * x * x * z * z + 5 * z * z * z * z);
      const float edge = 0.36F + 0.12F * teeth;
      colour = Mix(colour, blue * 0.45F, Smooth(edge + 0.03F, edge - 0.03F, radius));
      colour = Mix(colour, Colour(0x6F7FA8), 0.8F * Smooth(0.05F, 0.01F, std::abs(radius - edge)));
      colour = Mix(colour, Colour(0x14172B), Smooth(0.24F, 0.14F, radius));
    }
    return Finish{colour, 0.10F, {}};
  });
}

void DrawCherry(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 30);
  pose.middle = {random.Range(-8, 8), random.Range(-17, -13)};
  const float tilt = random.Range(0.1F, 0.6F);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), tilt, random.Range(-0.35F, 0.35F));
  const Outline outline{.width = random.Range(1.04F, 1.14F),
                        .profile = {0.92F, 0.96F, 0.98F, 1, 1, 1.01F, 1.02F, 1.02F, 1.02F}};
  const uint32_t seed = RandomSeed(random);
  const Vec3 red = Mix(Colour(0x9E0F1E), Colour(0xC81A28), random.Range(0, 1));
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    Vec3 colour = Mix(red, Colour(0x6A0A18), 0.7F * Noise(skin.at * 1.8F, seed));
    colour = Mix(colour, Colour(0xE0584A), 0.25F * Spots(skin.at, 15, 0.8F, seed + 1));
    const float hollow = Smooth(0.80F, 0.98F, skin.at.y);
    return Finish{colour * (1 - 0.6F * hollow), 0.85F, {}};
  });
  const Vec3 pole = pose.turn * Vec3{0, 1, 0};
  const Point2 foot = pose.ToImage(pole.x * outline.width * 0.93F, pole.y * 0.93F);
  const float lean = random.Range(-18, 18);
  const Point2 tip{std::clamp(foot.x + lean + random.Range(-8, 8), -44.0F, 44.0F),
                   random.Range(40, 47)};
  const Point2 knee{foot.x + lean * 0.1F, foot.y + 14};
  const Vec3 green = Mix(Colour(0x6E8B3A), Colour(0x8A7A3C), random.Range(0, 1));
  canvas.Stroke(foot, knee, tip, 2.2F, 2.6F, green);
  canvas.Stroke(tip, tip, {tip.x + 2, tip.y + 1}, 4, 3, green * 0.8F);
}

void DrawWaterMelon(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 46);
  pose.angle = random.Range(-kPi, kPi);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), random.Range(-0.7F, 0.7F), 0);
  const Outline outline{.width = random.Range(0.86F, 0.98F)};
  const uint32_t seed = RandomSeed(random);
  const Vec3 pale = Mix(Colour(0x8FB05A), Colour(0xA9C46E), random.Range(0, 1));
  const Vec3 dark = Mix(Colour(0x1F4A22), Colour(0x2C5A2A), random.Range(0, 1));
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    const float wobble =
        0.42F * (Noise(skin.at * 5, seed) - 0.5F) + 0.24F * (Noise(skin.at * 13, seed + 1) - 0.5F);
    // Cosine of ten times the longitude, which wobbles.
    Vec3 around = Unit({skin.at.x - wobble * skin.at.z, 0, skin.at.z + wobble * skin.at.x});
    const float x = around.x, z = around.z;
    const float cos5 = x * (x * x * x * x - 10 * x * x * z * z + 5 * z * z * z * z);
    const float stripe = 2 * cos5 * cos5 - 1;
    const float veins = Noise(skin.at * 11, seed + 2);
    Vec3 colour = Mix(pale, dark, Smooth(-0.1F, 0.35F, stripe));
    colour = Mix(colour, dark, 0.35F * Smooth(0.55F, 0.75F, veins));
    colour = Mix(colour, dark, 0.6F * Smooth(0.93F, 0.99F, std::abs(skin.at.y)));
    return Finish{colour, 0.40F, {}};
  });
}

}  // namespace pomona
