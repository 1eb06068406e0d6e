// Fruits with a long axis: they lie at any angle and show any side of it.

#include "pomona/demo/fruit.h"
#include "pomona/demo/studio.h"

namespace pomona {

void DrawLemon(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 46);
  pose.angle = random.Range(-kPi, kPi);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), 0, 0);
  const float tip = random.Range(0.34F, 0.5F);
  const Outline outline{.width = random.Range(0.76F, 0.84F),
                        .profile = {0.55F, 0.74F, 0.93F, 0.99F, 1, 0.98F, 0.90F, 0.62F, tip}};
  const uint32_t seed = RandomSeed(random);
  const Vec3 peel = Mix(Colour(0xF2CF1D), Colour(0xF7DC3A), random.Range(0, 1));
  const float unripe = random.Range(0, 0.5F);
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    Vec3 colour = Mix(peel, Colour(0xE2B90F), 0.6F * Noise(skin.at * 2, seed + 1));
    colour = Mix(colour, Colour(0xB7BE3A), unripe * Smooth(0.55F, 1.0F, std::abs(skin.v)));
    colour = Mix(colour, Colour(0x7C6A24), 0.8F * Smooth(-0.965F, -0.99F, skin.v));
    colour = colour * (0.95F + 0.09F * Noise(skin.at * 15, seed));
    return Finish{colour, 0.28F, Bumps(skin.at, 12, 0.38F, seed)};
  });
}

void DrawMango(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 46);
  pose.angle = random.Range(-1.0F, 1.0F);
  pose.turn = Turn::Of(random.Range(-0.9F, 0.9F), random.Range(-0.3F, 0.3F), 0);
  const Outline outline{.width = random.Range(0.70F, 0.78F),
                        .bend = random.Range(0.10F, 0.20F),
                        .profile = {0.72F, 0.80F, 0.88F, 0.96F, 1, 1.04F, 1.08F, 1.08F, 1.0F}};
  const uint32_t seed = RandomSeed(random);
  const Vec3 green = Mix(Colour(0x6E8F36), Colour(0x9AA63C), random.Range(0, 1));
  const Vec3 red = Mix(Colour(0xC0392B), Colour(0xD8622B), random.Range(0, 1));
  const float sun = random.Range(-0.25F, 0.15F);
  canvas.Stroke(pose.ToImage(outline.bend, 0.95F), pose.ToImage(outline.bend, 1.02F),
                pose.ToImage(outline.bend + 0.02F, 1.10F), 5, 3.5F, Colour(0x5A4426));
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    const float patch = Noise(skin.at * 1.7F, seed) - 0.5F;
    const float warm = skin.at.x * 0.55F + skin.v * 0.45F + patch * 0.9F + sun;
    Vec3 colour = Mix(green, Colour(0xE7A836), Smooth(-0.65F, 0.05F, warm));
    colour = Mix(colour, red, Smooth(0.02F, 0.75F, warm));
    colour = Mix(colour, Colour(0xF0DFA0), 0.4F * Spots(skin.at, 15, 0.76F, seed + 1));
    colour = colour * (1 - 0.4F * Smooth(0.95F, 0.99F, skin.v));
    return Finish{colour, 0.26F, {}};
  });
}

void DrawBanana(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 39);
  pose.angle = random.Range(-kPi, kPi);
  const float bend = random.Range(0.40F, 0.62F);
  // The bend moves its middle out of the image's.
  const float c = std::cos(pose.angle), s = std::sin(pose.angle);
  pose.middle.x -= c * bend * 0.45F * pose.size;
  pose.middle.y -= s * bend * 0.45F * pose.size;
  const Outline outline{.width = random.Range(0.25F, 0.29F),
                        .bend = bend,
                        .profile = {0.8F, 0.95F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 0.85F, 0.6F}};
  const uint32_t seed = RandomSeed(random);
  const Vec3 peel = Mix(Colour(0xF3CF3B), Colour(0xF6DB57), random.Range(0, 1));
  const float ripe = random.Range(0.74F, 0.92F);
  const float ridge = random.Range(-0.35F, 0.35F);
  const float unripe = random.Range(0, 0.7F);
  const Vec3 stem = Mix(Colour(0x8E8A3A), Colour(0x7A6230), random.Range(0, 1));
  canvas.Stroke(pose.ToImage(bend * 0.80F, 0.90F), pose.ToImage(bend, 1.0F),
                pose.ToImage(bend * 1.28F, 1.14F), 7, 5, stem);
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    Vec3 colour = Mix(peel, Colour(0xE0B62B), 0.5F * Noise({skin.u * 2, skin.v * 5, 0}, seed + 1));
    const float edge = std::min(std::abs(skin.u - ridge), std::abs(skin.u - ridge - 0.75F));
    colour = colour * (1 - 0.16F * Smooth(0.14F, 0.0F, edge));
    if (skin.u > ridge) colour = colour * 0.94F;
    colour =
        Mix(colour, Colour(0x6A4A1C), 0.85F * Spots({skin.u * 0.35F, skin.v, 0}, 17, ripe, seed));
    colour = Mix(colour, Colour(0xA7B043), unripe * Smooth(0.55F, 0.95F, std::abs(skin.v)));
    colour = Mix(colour, Colour(0x2E2416), Smooth(-0.93F, -0.98F, skin.v));
    return Finish{colour, 0.16F, {}};
  });
}

void DrawPear(Canvas& canvas, Random& random) {
  const Light light = RandomLight(random);
  Pose pose = RandomPose(random, 43);
  pose.middle.y -= 3;
  pose.angle = random.Range(-0.7F, 0.7F);
  pose.turn = Turn::Of(random.Range(-kPi, kPi), 0, 0);
  const float neck = random.Range(0.50F, 0.62F);
  const Outline outline{
      .width = random.Range(0.72F, 0.80F),
      .bend = random.Range(-0.06F, 0.06F),
      .profile = {1.12F, 1.1F, 1.1F, 1.06F, 0.96F, 0.80F, neck + 0.06F, neck, neck}};
  const uint32_t seed = RandomSeed(random);
  const Vec3 green = Mix(Colour(0x8FA83A), Colour(0xB4BF52), random.Range(0, 1));
  const float blush = random.Range(0, 0.45F);
  const Vec3 stem = Colour(0x5C4526);
  canvas.Stroke(
      pose.ToImage(outline.bend, 0.93F), pose.ToImage(outline.bend, 1.1F),
      pose.ToImage(outline.bend + random.Range(-0.22F, 0.22F), random.Range(1.20F, 1.30F)), 3.4F,
      3.0F, stem);
  PaintBody(canvas, outline, pose, light, [&](const Skin& skin) {
    Vec3 colour = Mix(green, Colour(0xC9C25A), Noise(skin.at * 1.8F, seed));
    colour = Mix(colour, Colour(0xC97B45), blush * Smooth(-0.1F, 0.9F, skin.at.x));
    colour = Mix(colour, Colour(0x6E6A2A), 0.5F * Spots(skin.at, 16, 0.72F, seed + 1));
    const float russet =
        Smooth(0.80F, 1.0F, skin.v + 0.25F * (Noise(skin.at * 7, seed + 2) - 0.5F));
    colour = Mix(colour, Colour(0x9A7B45), 0.5F * russet);
    colour = Mix(colour, Colour(0x3E2E1A), 0.9F * Smooth(-0.965F, -0.99F, skin.v));
    return Finish{colour, 0.22F, {}};
  });
}

}  // namespace pomona
