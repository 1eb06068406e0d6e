#pragma once

#include <span>

#include "pomona/base/random.h"
#include "pomona/demo/canvas.h"

namespace pomona {

/// One class of the set. A drawing differs with the random numbers: size, place, turn,
/// light, ripeness, marks.
struct Fruit {
  const char* name;
  void (*draw)(Canvas& canvas, Random& random);
};

/// The twelve, in a fixed order.
std::span<const Fruit> Fruits();

void DrawApple(Canvas& canvas, Random& random);
void DrawBanana(Canvas& canvas, Random& random);
void DrawBlueberry(Canvas& canvas, Random& random);
void DrawCherry(Canvas& canvas, Random& random);
void DrawKiwi(Canvas& canvas, Random& random);
void DrawLemon(Canvas& canvas, Random& random);
void DrawMango(Canvas& canvas, Random& random);
void DrawOrange(Canvas& canvas, Random& random);
void DrawPear(Canvas& canvas, Random& random);
void DrawPlum(Canvas& canvas, Random& random);
void DrawRaspberry(Canvas& canvas, Random& random);
void DrawWaterMelon(Canvas& canvas, Random& random);

}  // namespace pomona
