#include "pomona/model/quantise.h"

#include <algorithm>
#include <cmath>
#include <openvino/opsets/opset13.hpp>
#include <set>
#include <vector>

#include "pomona/error_kind.h"
#include "pomona/model/feature_tensor.h"
#include "pomona/model/int8_layers.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using Value = ov::Output<ov::Node>;

constexpr int kSteps = 255;  // between the lowest and the highest number of 8 bits

Value Round(const Value& value, const Value& low, const Value& high, size_t levels) {
  return std::make_shared<ops::FakeQuantize>(value, low, high, low, high, levels);
}

/// The narrowest range around `seen` that has zero as one of its 256 numbers: a border of zeros
/// stays what it is.
ValueRange WithZero(const ValueRange& seen) {
  const double low = std::min(seen.low, 0.0);
  const double high = std::max(seen.high, 0.0);
  if (low == high) return {0, 1};
  const double below = std::round(-low / (high - low) * kSteps);
  const double above = kSteps - below;
  const double step = std::max(below > 0 ? -low / below : 0, above > 0 ? high / above : 0);
  return {-below * step, above * step};
}

Value RoundData(const Value& value, const ValueRange& seen) {
  const ValueRange range = WithZero(seen);
  const auto number = [](double x) {
    return ops::Constant::create(ov::element::f32, {}, {static_cast<float>(x)});
  };
  return Round(value, number(range.low), number(range.high), kSteps + 1);
}

Value RoundWeights(const Int8Layer& layer) {
  const auto weights = layer.weights->get_vector<float>();
  // -127 to 127.
  constexpr float kMost = 127;
  std::vector<float> high = WeightScales(weights, layer.layout);
  for (float& scale : high) scale *= kMost;
  std::vector<float> low = high;
  for (float& bound : low) bound = -bound;
  return Round(layer.weights, ops::Constant::create(ov::element::f32, layer.scale_shape, low),
               ops::Constant::create(ov::element::f32, layer.scale_shape, high), kSteps);
}

}  // namespace

arrow::Status Quantise(const Int8File& file, ov::Model* network) {
  std::map<Value, Value> rounded;
  for (const Int8Layer& layer : Int8Layers(*network)) {
    const auto range = file.ranges.find(layer.input);
    if (range == file.ranges.end() || file.float_layers.contains(layer.name)) continue;
    const Value data = layer.node->input_value(0);
    Value& of_8_bits = rounded[data];
    if (of_8_bits.get_node() == nullptr) of_8_bits = RoundData(data, range->second);
    layer.node->input(0).replace_source_output(of_8_bits);
    layer.node->input(1).replace_source_output(RoundWeights(layer));
  }
  if (rounded.empty()) {
    return arrow::Status::Invalid(
        "no layer before the features has its numbers in the int8 file"
        "\nhint: pomona model quantize makes one for these features");
  }
  network->validate_nodes_and_infer_types();
  return arrow::Status::OK();
}

arrow::Status CheckInt8Names(const Int8File& file, const std::string& path,
                             const ov::Model& network) {
  std::set<std::string> names;
  for (const auto& node : network.get_ordered_ops()) {
    for (const auto& output : node->outputs()) names.insert(TensorName(output));
  }
  const auto refuse = [&](const char* key, const std::string& name) {
    return DamagedData("int8 file `", path, "`: `", key, "` names `", ShownText(name),
                       "`, which the network does not have");
  };
  for (const auto& [name, range] : file.ranges) {
    if (!names.contains(name)) return refuse("ranges", name);
  }
  for (const std::string& name : file.float_layers) {
    if (!names.contains(name)) return refuse("float", name);
  }
  return arrow::Status::OK();
}

}  // namespace pomona
