#include "pomona/model/int8_layers.h"

#include <algorithm>
#include <numeric>
#include <openvino/opsets/opset13.hpp>
#include <optional>
#include <set>

#include "pomona/model/constant_nodes.h"
#include "pomona/model/feature_tensor.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using Value = ov::Output<ov::Node>;

/// Steps between the weights of a file and the layer: conversion, reshaping, transposition.
constexpr int kMostSteps = 8;

/// What the constant `value` holds.
std::optional<ov::Tensor> ConstantTensor(const Value& value, int steps = kMostSteps) {
  const auto node = value.get_node_shared_ptr();
  if (const auto constant = ov::as_type_ptr<ops::Constant>(node)) {
    return ov::Tensor(constant->get_element_type(), constant->get_shape(),
                      const_cast<void*>(constant->get_data_ptr()));
  }
  if (steps == 0) return std::nullopt;
  ov::TensorVector inputs;
  for (const Value& input : node->input_values()) {
    auto tensor = ConstantTensor(input, steps - 1);
    if (!tensor) return std::nullopt;
    inputs.push_back(std::move(*tensor));
  }
  ov::TensorVector outputs;
  for (const Value& output : node->outputs()) {
    if (output.get_partial_shape().is_dynamic()) return std::nullopt;
    outputs.emplace_back(output.get_element_type(), output.get_shape());
  }
  if (!node->evaluate(outputs, inputs)) return std::nullopt;
  return outputs[value.get_index()];
}

/// Of [outputs, inputs, places...]; `groups`: with an axis of groups before them.
void LayOutConvolution(bool groups, Int8Layer* layer) {
  const std::vector<size_t>& shape = layer->weights->get_shape();
  const size_t channels = groups ? 2 : 1;
  WeightLayout& layout = layer->layout;
  layout.outputs = groups ? shape[0] * shape[1] : shape[0];
  layout.inputs = shape[channels];
  for (size_t axis = channels + 1; axis < shape.size(); ++axis) layout.places *= shape[axis];
  layout.input_step = layout.places;
  layout.output_step = layout.inputs * layout.places;
  std::vector<size_t> scales(shape.size(), 1);
  for (size_t axis = 0; axis < channels; ++axis) scales[axis] = shape[axis];
  layer->scale_shape = ov::Shape(scales);
}

/// Of [inputs, outputs]; `transposed`: [outputs, inputs].
void LayOutProduct(bool transposed, Int8Layer* layer) {
  const std::vector<size_t>& shape = layer->weights->get_shape();
  const size_t outputs = transposed ? 0 : 1;
  layer->layout = {.outputs = shape[outputs],
                   .inputs = shape[1 - outputs],
                   .places = 1,
                   .output_step = transposed ? shape[1] : 1,
                   .input_step = transposed ? 1 : shape[1]};
  std::vector<size_t> scales = {1, 1};
  scales[outputs] = shape[outputs];
  layer->scale_shape = ov::Shape(scales);
}

/// False for a node that is no layer whose numbers can be of 8 bits.
bool DescribeLayer(const std::shared_ptr<ov::Node>& node, const ConstantNodes& constants,
                   Int8Layer* layer) {
  const auto product = ov::as_type_ptr<ops::MatMul>(node);
  const bool groups = ov::is_type<ops::GroupConvolution>(node);
  if (!product && !groups && !ov::is_type<ops::Convolution>(node)) return false;
  const Value data = node->input_value(0);
  const Value weights = node->input_value(1);
  if (constants.Has(data) || !constants.Has(weights)) return false;
  if (data.get_element_type() != ov::element::f32 ||
      weights.get_element_type() != ov::element::f32) {
    return false;
  }
  const auto tensor = ConstantTensor(weights);
  if (!tensor || (product && tensor->get_shape().size() != 2)) return false;
  layer->node = node;
  layer->name = TensorName(node->output(0));
  layer->input = TensorName(data);
  // A copy: the tensor of a constant does not keep its numbers alive.
  layer->weights = std::make_shared<ops::Constant>(tensor->get_element_type(), tensor->get_shape(),
                                                   tensor->data());
  if (product) {
    LayOutProduct(product->get_transpose_b(), layer);
  } else {
    LayOutConvolution(groups, layer);
  }
  return true;
}

}  // namespace

std::vector<Int8Layer> Int8Layers(const ov::Model& network) {
  const ConstantNodes constants(network);
  std::vector<Int8Layer> layers;
  for (const auto& node : network.get_ordered_ops()) {
    Int8Layer layer;
    if (DescribeLayer(node, constants, &layer)) layers.push_back(std::move(layer));
  }
  return layers;
}

std::vector<std::string> InputNames(const std::vector<Int8Layer>& layers) {
  std::vector<std::string> names;
  for (const Int8Layer& layer : layers) {
    if (std::find(names.begin(), names.end(), layer.input) == names.end()) {
      names.push_back(layer.input);
    }
  }
  return names;
}

std::shared_ptr<ov::Model> ObserveInputs(const ov::Model& network,
                                         const std::vector<Int8Layer>& layers) {
  std::set<std::string> seen;
  ov::OutputVector numbers;
  for (const Int8Layer& layer : layers) {
    if (!seen.insert(layer.input).second) continue;
    const Value value = layer.node->input_value(0);
    std::vector<int64_t> axes(value.get_shape().size());
    std::iota(axes.begin(), axes.end(), 0);
    const auto all = ops::Constant::create(ov::element::i64, {axes.size()}, axes);
    const auto one = ops::Constant::create(ov::element::i64, {2}, {1, 1});
    const auto add = [&](const std::shared_ptr<ov::Node>& number) {
      numbers.push_back(std::make_shared<ops::Reshape>(number, one, false));
    };
    add(std::make_shared<ops::ReduceMin>(value, all, false));
    add(std::make_shared<ops::ReduceMax>(value, all, false));
  }
  const auto result = std::make_shared<ops::Result>(std::make_shared<ops::Concat>(numbers, 1));
  return std::make_shared<ov::Model>(ov::ResultVector{result}, network.get_parameters(), "ranges");
}

}  // namespace pomona
