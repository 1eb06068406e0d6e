#include "pomona/model/weight_scales.h"

#include <algorithm>
#include <cmath>

namespace pomona {
namespace {

/// The largest weight; and, for a pair, one less than 255 of which fit into 16 bits, as both may be
/// rounded up by a half.
constexpr float kMostWhole = 127;

float Largest(std::span<const float> weights, const WeightLayout& layout, size_t output) {
  const auto at = [&](size_t input, size_t place) {
    return input < layout.inputs
               ? weights[output * layout.output_step + input * layout.input_step + place]
               : 0.0F;
  };
  float largest = 0;
  for (size_t input = 0; input < layout.inputs; input += 2) {
    for (size_t place = 0; place < layout.places; ++place) {
      const float a = at(input, place);
      const float b = at(input + 1, place);
      largest = std::max({largest, std::max(a, 0.0F) + std::max(b, 0.0F),
                          std::max(-a, 0.0F) + std::max(-b, 0.0F)});
    }
  }
  return largest;
}

}  // namespace

std::vector<float> WeightScales(std::span<const float> weights, const WeightLayout& layout) {
  std::vector<float> scales(layout.outputs);
  for (size_t output = 0; output < layout.outputs; ++output) {
    const float scale = Largest(weights, layout, output) / kMostWhole;
    scales[output] = std::isnormal(scale) ? scale : 1;
  }
  return scales;
}

}  // namespace pomona
