#include "pomona/demo/fruit_jpeg.h"

#include "pomona/base/random.h"
#include "pomona/demo/canvas.h"
#include "pomona/demo/jpeg_encoder.h"

namespace pomona {

arrow::Result<std::string> FruitJpeg(const Fruit& fruit, uint64_t seed) {
  constexpr int kQuality = 92;
  Canvas canvas;
  Random random(seed);
  fruit.draw(canvas, random);
  return EncodeJpeg(canvas.ToRgb(), Canvas::kSize, Canvas::kSize, kQuality);
}

}  // namespace pomona
