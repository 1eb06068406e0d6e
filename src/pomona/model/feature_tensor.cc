#include "pomona/model/feature_tensor.h"

#include <algorithm>
#include <openvino/opsets/opset13.hpp>
#include <optional>
#include <set>
#include <utility>

#include "pomona/model/head_walk.h"
#include "pomona/model/is_any.h"
#include "pomona/model/tensor_kind.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using Value = ov::Output<ov::Node>;

constexpr char kNameOne[] =
    "\nhint: name one with option `features`; pomona model show MODEL lists them";

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
  if (CanBeFeatures(tensor)) return tensor;
  return arrow::Status::Invalid("tensor `", TensorName(tensor), "` of shape ",
                                tensor.get_partial_shape().to_string(), " and type ",
                                tensor.get_element_type().get_type_name(),
                                " cannot be features: [1,C], [1,C,H,W] or [1,H,W,C] of floats "
                                "is wanted; "
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

/// What is said of features that were found from an output.
std::string OriginOf(const HeadWalk::Found& found, const Value& output) {
  if (found.end == HeadWalk::End::kConvolution) return "the input of the last convolution";
  if (found.end == HeadWalk::End::kNoHead) return "the output of a network without a head";
  const std::string origin = "the input of the last dense layer";
  if (found.probabilities || !CanBeFeatures(output)) return origin;
  // Class scores before a softmax that was left out, or a projection: the graph does not say.
  return origin + ", a classifier or a projection; option `features=" + TensorName(output) +
         "` takes its output";
}

/// An output of which nothing tells whether it is features or class scores.
arrow::Status Unclear(const ov::Model& network, const HeadWalk::Found& found, const Value& output) {
  std::string names = TensorName(output);
  std::set<std::string> seen = {names};
  std::vector<Value> candidates = FeatureCandidates(network);
  candidates.insert(candidates.begin(), found.features);
  for (const Value& tensor : candidates) {
    if (CanBeFeatures(tensor) && seen.insert(TensorName(tensor)).second) {
      names += ", " + TensorName(tensor);
    }
  }
  return arrow::Status::Invalid("model has an output `", TensorName(output),
                                "` that may be class scores or features; candidates: ", names,
                                kNameOne);
}

}  // namespace

std::string TensorName(const ov::Output<const ov::Node>& tensor) {
  const auto& names = tensor.get_names();
  // The set has no order: take the same one every time.
  if (!names.empty()) return *std::min_element(names.begin(), names.end());
  return tensor.get_node()->get_friendly_name();
}

bool HasTensor(const ov::Model& network, const std::string& name) {
  return FindNamed(network, name).has_value();
}

arrow::Result<FeatureTensor> NamedFeatures(const ov::Model& network, const std::string& name,
                                           const std::string& named_by) {
  const auto named = FindNamed(network, name);
  if (!named) {
    return arrow::Status::KeyError("model has no tensor `", name,
                                   "`\nhint: pomona model show MODEL lists them");
  }
  ARROW_ASSIGN_OR_RAISE(const auto tensor, Checked(*named, network));
  return FeatureTensor{tensor, "as " + named_by + " says"};
}

arrow::Result<FeatureTensor> FindFeatures(const ov::Model& network) {
  const HeadWalk walk(network);
  std::vector<FeatureTensor> found;
  std::vector<std::pair<HeadWalk::Found, Value>> unclear;
  const auto is_found = [&](const Value& tensor) {
    return std::any_of(found.begin(), found.end(),
                       [&](const FeatureTensor& known) { return known.tensor == tensor; });
  };
  for (const auto& result : network.get_results()) {
    const Value output = result->input_value(0);
    const auto walked = walk.From(output);
    if (walked.end == HeadWalk::End::kUnclear) {
      // The index of the best class is no features, whatever comes before it.
      if (CanBeFeatures(output)) unclear.emplace_back(walked, output);
    } else if (!is_found(walked.features)) {
      found.push_back({walked.features, OriginOf(walked, output)});
    }
  }
  for (const auto& [walked, output] : unclear) {
    // No doubt where another output says that this one is the features.
    if (!is_found(output)) return Unclear(network, walked, output);
  }
  if (found.size() != 1) {
    return arrow::Status::Invalid(
        "model has ", network.get_results().size(),
        " outputs and no single feature tensor; candidates: ", CandidateNames(network), kNameOne);
  }
  ARROW_RETURN_NOT_OK(Checked(found[0].tensor, network));
  return found[0];
}

std::vector<ov::Output<ov::Node>> FeatureCandidates(const ov::Model& network) {
  const auto nodes = network.get_ordered_ops();
  const HeadWalk walk(network);
  std::vector<ov::Output<ov::Node>> candidates;
  std::set<std::string> names;
  auto add = [&](const ov::Output<ov::Node>& tensor) {
    const bool is_input = ov::is_type<ops::Parameter>(tensor.get_node());
    if (is_input || walk.IsWeights(tensor) || !CanBeFeatures(tensor)) return;
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
      const Value map = (*node)->input_value(0);
      add(map);
      // Where that map is class scores.
      if (const auto before = walk.ConvolutionInput(map)) add(*before);
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

}  // namespace pomona
