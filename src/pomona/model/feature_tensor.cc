#include "pomona/model/feature_tensor.h"

#include <algorithm>
#include <openvino/opsets/opset13.hpp>
#include <optional>
#include <set>

namespace pomona {
namespace {

namespace ops = ov::opset13;

constexpr char kNameOne[] = "\nhint: name one with --features; pomona model show MODEL lists them";

template <typename... Types>
bool IsAny(const ov::Node* node) {
  return (... || ov::is_type<Types>(node));
}

/// True for a constant, also behind decompression, transposition or reshaping.
bool IsWeights(const ov::Output<ov::Node>& value) {
  const ov::Node* node = value.get_node();
  if (ov::is_type<ops::Constant>(node)) return true;
  if (!IsAny<ops::Convert, ops::Transpose, ops::Reshape, ops::Multiply, ops::Subtract, ops::Squeeze,
             ops::Unsqueeze, ops::FakeQuantize>(node)) {
    return false;
  }
  const auto inputs = node->input_values();
  return std::all_of(inputs.begin(), inputs.end(), IsWeights);
}

/// The axes of a fully connected layer's data, or nothing.
std::optional<ov::Output<ov::Node>> FullyConnectedInput(const ov::Node* node) {
  if (ov::is_type<ops::MatMul>(node)) {
    if (IsWeights(node->input_value(1))) return node->input_value(0);
    if (IsWeights(node->input_value(0))) return node->input_value(1);
  }
  if (ov::is_type<ops::Convolution>(node) && IsWeights(node->input_value(1))) {
    const auto& shape = node->get_input_partial_shape(0);
    if (shape.rank().is_static() && shape.size() == 4 && shape[2] == 1 && shape[3] == 1) {
      return node->input_value(0);
    }
  }
  return std::nullopt;
}

/// The one input that carries data through a layer that may follow the last fully
/// connected one, or nothing for other layers.
std::optional<ov::Output<ov::Node>> Through(const ov::Node* node) {
  if (IsAny<ops::Softmax, ops::LogSoftmax, ops::Sigmoid, ops::Convert, ops::Reshape, ops::Squeeze,
            ops::Unsqueeze, ops::Transpose, ops::FakeQuantize, ops::Relu, ops::Clamp>(node)) {
    return node->input_value(0);
  }
  if (IsAny<ops::Add, ops::Subtract, ops::Multiply, ops::Divide>(node)) {
    if (IsWeights(node->input_value(1))) return node->input_value(0);
    if (IsWeights(node->input_value(0))) return node->input_value(1);
  }
  return std::nullopt;
}

ov::Output<ov::Node> WalkBack(const ov::Output<ov::Node>& output) {
  ov::Output<ov::Node> at = output;
  while (true) {
    if (const auto input = FullyConnectedInput(at.get_node())) return *input;
    const auto next = Through(at.get_node());
    if (!next) return output;
    at = *next;
  }
}

bool IsVectorOrMap(const ov::Output<ov::Node>& tensor) {
  const auto& shape = tensor.get_partial_shape();
  if (shape.is_dynamic() || shape[0] != 1 || !tensor.get_element_type().is_real()) return false;
  return shape.size() == 2 || shape.size() == 4;
}

/// For a message: what could be named instead.
std::string CandidateNames(const ov::Model& network) {
  std::string names;
  for (const auto& candidate : FeatureCandidates(network)) {
    names += (names.empty() ? "" : ", ") + TensorName(candidate);
  }
  return names.empty() ? "none" : names;
}

arrow::Result<ov::Output<ov::Node>> Checked(const ov::Output<ov::Node>& tensor,
                                            const ov::Model& network) {
  if (IsVectorOrMap(tensor)) return tensor;
  return arrow::Status::Invalid("tensor `", TensorName(tensor), "` of shape ",
                                tensor.get_partial_shape().to_string(), " and type ",
                                tensor.get_element_type().get_type_name(),
                                " cannot be features: [1,C] or [1,C,H,W] of floats is wanted; "
                                "candidates: ",
                                CandidateNames(network), kNameOne);
}

std::optional<ov::Output<ov::Node>> FindNamed(const ov::Model& network, const std::string& name) {
  for (const auto& node : network.get_ordered_ops()) {
    for (const auto& output : node->outputs()) {
      if (output.get_names().count(name) > 0) return output;
    }
  }
  for (const auto& node : network.get_ordered_ops()) {
    if (node->get_friendly_name() == name && !ov::is_type<ops::Result>(node) &&
        node->get_output_size() == 1) {
      return node->output(0);
    }
  }
  return std::nullopt;
}

/// The axes of height and width of a [1,...] map.
std::vector<int64_t> SpatialAxes(const ov::Shape& shape, const std::string& layout) {
  const bool first = shape[2] == shape[3] && shape[1] != shape[2];
  const bool last = shape[1] == shape[2] && shape[3] != shape[2];
  const bool channels_first = first != last ? first : layout == "NCHW";
  return channels_first ? std::vector<int64_t>{2, 3} : std::vector<int64_t>{1, 2};
}

}  // namespace

std::string TensorName(const ov::Output<const ov::Node>& tensor) {
  const auto& names = tensor.get_names();
  // The set has no order: take the same one every time.
  if (!names.empty()) return *std::min_element(names.begin(), names.end());
  return tensor.get_node()->get_friendly_name();
}

arrow::Result<ov::Output<ov::Node>> FindFeatures(const ov::Model& network,
                                                 const std::string& wanted) {
  if (!wanted.empty()) {
    const auto named = FindNamed(network, wanted);
    if (!named) {
      return arrow::Status::KeyError("model has no tensor `", wanted,
                                     "`\nhint: pomona model show MODEL lists them");
    }
    return Checked(*named, network);
  }
  std::vector<ov::Output<ov::Node>> found;
  for (const auto& result : network.get_results()) {
    const auto features = WalkBack(result->input_value(0));
    if (std::find(found.begin(), found.end(), features) == found.end()) found.push_back(features);
  }
  if (found.size() == 1) return Checked(found[0], network);
  return arrow::Status::Invalid(
      "model has ", network.get_results().size(),
      " outputs and no single feature tensor; candidates: ", CandidateNames(network), kNameOne);
}

std::vector<ov::Output<ov::Node>> FeatureCandidates(const ov::Model& network) {
  const auto nodes = network.get_ordered_ops();
  std::vector<ov::Output<ov::Node>> candidates;
  std::set<std::string> names;
  auto add = [&](const ov::Output<ov::Node>& tensor) {
    const bool is_input = ov::is_type<ops::Parameter>(tensor.get_node());
    if (is_input || IsWeights(tensor) || !IsVectorOrMap(tensor)) return;
    if (names.insert(TensorName(tensor)).second) candidates.push_back(tensor);
  };
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (ov::is_type<ops::Result>(*node)) {
      add((*node)->input_value(0));
      continue;
    }
    for (const auto& output : (*node)->outputs()) {
      if (output.get_partial_shape().rank() == 2) add(output);
    }
    if (IsAny<ops::ReduceMean, ops::ReduceMax, ops::AvgPool>(node->get())) {
      add((*node)->input_value(0));
    }
  }
  // A network without any vector or pooling, a detector: its last maps.
  constexpr size_t kLastMaps = 8;
  const bool any = !candidates.empty();
  for (auto node = nodes.rbegin(); !any && node != nodes.rend(); ++node) {
    if (candidates.size() == kLastMaps) break;
    if (IsAny<ops::Relu, ops::PRelu, ops::Clamp, ops::Convolution>(node->get())) {
      add((*node)->output(0));
    }
  }
  return candidates;
}

std::shared_ptr<ov::Model> CutAtFeatures(const ov::Model& network,
                                         const ov::Output<ov::Node>& features,
                                         const std::string& layout) {
  const std::string name = TensorName(features);
  ov::Output<ov::Node> vector = features;
  if (features.get_shape().size() == 4) {
    const auto axes = SpatialAxes(features.get_shape(), layout);
    vector = std::make_shared<ops::ReduceMean>(
        features, ops::Constant::create(ov::element::i64, {axes.size()}, axes), false);
  }
  if (vector.get_element_type() != ov::element::f32) {
    vector = std::make_shared<ops::Convert>(vector, ov::element::f32);
  }
  const auto result = std::make_shared<ops::Result>(vector);
  return std::make_shared<ov::Model>(ov::ResultVector{result}, network.get_parameters(), name);
}

}  // namespace pomona
