#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>

#include "pomona/demo/fruit.h"

namespace pomona {

/// One image of the demo set: JPEG, Canvas::kSize pixels wide and high. The same for the same seed.
arrow::Result<std::string> FruitJpeg(const Fruit& fruit, uint64_t seed);

}  // namespace pomona
