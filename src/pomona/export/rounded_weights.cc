#include "pomona/export/rounded_weights.h"

#include <algorithm>
#include <cmath>
#include <openvino/opsets/opset13.hpp>

namespace pomona {
namespace {

namespace ops = ov::opset13;

constexpr size_t kWeightLevels = 255;
constexpr size_t kDataLevels = 256;

const ops::FakeQuantize* Rounding(const ov::Node* node, size_t levels) {
  const auto* rounding = ov::as_type<const ops::FakeQuantize>(node);
  return rounding != nullptr && rounding->get_levels() == levels ? rounding : nullptr;
}

const ops::Constant* ConstantInput(const ov::Node* node, size_t input) {
  return ov::as_type<const ops::Constant>(node->get_input_node_ptr(input));
}

}  // namespace

std::optional<RoundedWeights> WeightsOf(const ov::Node* node) {
  const auto* rounding = Rounding(node, kWeightLevels);
  if (rounding == nullptr) return std::nullopt;
  const auto* weights = ConstantInput(rounding, 0);
  const auto* high = ConstantInput(rounding, 2);
  if (weights == nullptr || high == nullptr) return std::nullopt;
  RoundedWeights rounded{weights->get_shape(), {}, high->get_shape(), high->get_vector<float>()};
  constexpr float kMost = kWeightLevels / 2;
  for (float& scale : rounded.scales) scale /= kMost;
  const auto values = weights->get_vector<float>();
  // One scale each for the first axis, or the first two: the rest of the axes lie together.
  const size_t each = values.size() / rounded.scales.size();
  for (size_t i = 0; i < values.size(); ++i) {
    const float whole = std::nearbyint(values[i] / rounded.scales[i / each]);
    rounded.whole.push_back(static_cast<int8_t>(std::clamp(whole, -kMost, kMost)));
  }
  return rounded;
}

std::optional<RoundedData> DataOf(const ov::Node* node) {
  const auto* rounding = Rounding(node, kDataLevels);
  if (rounding == nullptr || ConstantInput(rounding, 0) != nullptr) return std::nullopt;
  const auto low = ConstantInput(rounding, 1)->get_vector<float>();
  const auto high = ConstantInput(rounding, 2)->get_vector<float>();
  if (low.size() != 1 || high.size() != 1) return std::nullopt;
  const float scale = (high[0] - low[0]) / (kDataLevels - 1);
  return RoundedData{scale, static_cast<uint8_t>(std::lround(-low[0] / scale))};
}

}  // namespace pomona
