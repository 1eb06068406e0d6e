#include "pomona/demo/fruit.h"

namespace pomona {

std::span<const Fruit> Fruits() {
  static constexpr Fruit kFruits[] = {
      {"Apple Braeburn", DrawApple},
      {"Lemon", DrawLemon},
      {"Mango", DrawMango},
      {"Raspberry", DrawRaspberry},
      {"Banana", DrawBanana},
      {"Plum", DrawPlum},
      {"Kiwi", DrawKiwi},
      {"Blueberry", DrawBlueberry},
      {"Orange", DrawOrange},
      {"Pear Green", DrawPear},
      {"Cherry Red", DrawCherry},
      {"Water Melon", DrawWaterMelon},
  };
  return kFruits;
}

}  // namespace pomona
