#pragma once

#include <cstdint>
#include <openvino/core/node.hpp>
#include <optional>
#include <vector>

namespace pomona {

/// Weights as Quantise rounds them: weight = whole * scale of its output.
struct RoundedWeights {
  ov::Shape shape;
  std::vector<int8_t> whole;
  ov::Shape scale_shape;  ///< against `shape`
  std::vector<float> scales;
};

/// What `node` makes of weights. Nothing where it is not such a rounding.
std::optional<RoundedWeights> WeightsOf(const ov::Node* node);

/// A rounding of data to uint8, as Quantise makes it: value = (whole - zero) * scale.
struct RoundedData {
  float scale = 1;
  uint8_t zero = 0;
};

/// What `node` makes of data. Nothing where it is not such a rounding.
std::optional<RoundedData> DataOf(const ov::Node* node);

}  // namespace pomona
