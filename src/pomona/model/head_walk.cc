#include "pomona/model/head_walk.h"

#include <algorithm>
#include <openvino/op/util/arithmetic_reductions_keep_dims.hpp>
#include <openvino/op/util/avg_pool_base.hpp>
#include <openvino/op/util/binary_elementwise_arithmetic.hpp>
#include <openvino/op/util/broadcast_base.hpp>
#include <openvino/op/util/max_pool_base.hpp>
#include <openvino/op/util/squeeze_base.hpp>
#include <openvino/op/util/unary_elementwise_arithmetic.hpp>
#include <openvino/opsets/opset13.hpp>
#include <set>
#include <vector>

#include "pomona/model/is_any.h"
#include "pomona/model/tensor_kind.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
namespace util = ov::op::util;
using Value = ov::Output<ov::Node>;

/// What only class scores go through, vectors or maps.
bool MakesProbabilities(const ov::Node* node) {
  return IsAny<ops::Softmax, ov::op::v1::Softmax, ops::LogSoftmax, ops::Sigmoid, ops::HardSigmoid>(
      node);
}

/// Activations of one data input and a few constants.
bool IsActivation(const ov::Node* node) {
  return MakesProbabilities(node) ||
         IsAny<util::UnaryElementwiseArithmetic, ops::Clamp, ops::PRelu, ops::Swish, ops::Selu>(
             node);
}

bool MovesNumbersOnly(const ov::Node* node) {
  return IsAny<ops::Convert, ops::Reshape, util::SqueezeBase, ops::Unsqueeze, ops::Transpose,
               ops::FakeQuantize>(node);
}

/// A pooling of all pixels of a map.
bool IsGlobalPooling(const Value& value) {
  const ov::Node* node = value.get_node();
  return IsAny<util::ArithmeticReductionKeepDims, util::AvgPoolBase, util::MaxPoolBase>(node) &&
         IsMap(node->input_value(0)) && IsVector(value);
}

bool IsPointwise(const ov::Node* convolution) {
  const auto& kernel = convolution->get_input_partial_shape(1);
  return kernel.is_static() && kernel.size() == 4 && kernel[2] == 1 && kernel[3] == 1;
}

}  // namespace

/// The data of a dense layer: a product with weights, or a convolution of a single pixel.
std::optional<Value> HeadWalk::DenseInput(const ov::Node* node) const {
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

/// The one input that carries data through a layer that may follow the last one with weights.
std::optional<Value> HeadWalk::Through(const ov::Node* node) const {
  if (IsActivation(node) || MovesNumbersOnly(node) ||
      IsAny<ops::NormalizeL2, ops::BatchNormInference>(node)) {
    return node->input_value(0);
  }
  if (ov::is_type<util::BinaryElementwiseArithmetic>(node)) {
    if (IsWeights(node->input_value(1))) return node->input_value(0);
    if (IsWeights(node->input_value(0))) return node->input_value(1);
    return ThroughGate(node);
  }
  return std::nullopt;
}

/// x, of a layer that joins x with what is computed from x alone: x / |x|, x - max(x), x *
/// sigmoid(x).
std::optional<Value> HeadWalk::ThroughGate(const ov::Node* node) const {
  const Value a = node->input_value(0);
  const Value b = node->input_value(1);
  if (Leads(b, a)) return a;
  if (Leads(a, b)) return b;
  return std::nullopt;
}

/// True if `from` is computed from `to` by element-wise steps, sums and the like.
bool HeadWalk::Leads(const Value& from, const Value& to) const {
  constexpr int kSteps = 16;
  Value at = from;
  for (int i = 0; i < kSteps; ++i) {
    if (at == to) return true;
    const ov::Node* node = at.get_node();
    if (!IsActivation(node) && !MovesNumbersOnly(node) &&
        !IsAny<util::BinaryElementwiseArithmetic, util::ArithmeticReductionKeepDims,
               util::BroadcastBase>(node)) {
      return false;
    }
    const auto inputs = node->input_values();
    const auto data = std::find_if(inputs.begin(), inputs.end(),
                                   [&](const Value& input) { return !IsWeights(input); });
    if (data == inputs.end()) return false;
    at = *data;
  }
  return false;
}

/// True if a dense layer of vectors is on any way from the last maps or sequences to `output`.
bool HeadWalk::IsBehindDense(const Value& output) const {
  std::vector<Value> left = {output};
  std::set<Value> seen;
  while (!left.empty()) {
    const Value value = left.back();
    left.pop_back();
    if (!seen.insert(value).second || IsWeights(value) || !IsVector(value)) continue;
    const auto input = DenseInput(value.get_node());
    if (input && IsVector(*input)) return true;
    for (const Value& before : value.get_node()->input_values()) left.push_back(before);
  }
  return false;
}

std::optional<Value> HeadWalk::ConvolutionInput(const Value& map) const {
  Value at = map;
  while (true) {
    const ov::Node* node = at.get_node();
    if (ov::is_type<ops::Convolution>(node) && IsWeights(node->input_value(1))) {
      return node->input_value(0);
    }
    const auto next = Through(node);
    if (!next) return std::nullopt;
    at = *next;
  }
}

HeadWalk::Found HeadWalk::From(const Value& output) const {
  Found found;
  bool pooled = false;
  // An activation that no network has after its features.
  bool scores = false;
  // A convolution to class scores has at most a bias and a ReLU between itself and the pooling; one
  // inside a network has batch normalisation, another activation, or is joined with what it read.
  bool plain = true;
  Value at = output;
  while (true) {
    const ov::Node* node = at.get_node();
    const auto dense = DenseInput(node);
    const bool convolution = ov::is_type<ops::Convolution>(node) && IsWeights(node->input_value(1));
    if (dense || convolution) {
      found.features = dense ? *dense : node->input_value(0);
      if (scores || (dense && !pooled)) {
        found.end = dense ? End::kDense : End::kConvolution;
        return found;
      }
      // SqueezeNet without its softmax, or a network whose last convolution is its features.
      if (pooled && plain && (dense || IsPointwise(node))) return found;
      break;
    }
    if (const auto next = Through(node)) {
      const bool bent = IsActivation(node) && !IsAny<ops::Relu, ops::Clamp, ops::PRelu>(node);
      scores = scores || MakesProbabilities(node) || (bent && IsVector(at));
      found.probabilities =
          found.probabilities || MakesProbabilities(node) || ov::is_type<ops::Exp>(node);
      if (pooled && !IsAny<ops::Relu, ops::Add>(node) && !MovesNumbersOnly(node)) plain = false;
      at = *next;
    } else if (!pooled && IsGlobalPooling(at)) {
      pooled = true;
      at = node->input_value(0);
    } else {
      break;
    }
  }
  found.features = output;
  found.end = scores || IsBehindDense(output) ? End::kUnclear : End::kNoHead;
  return found;
}

}  // namespace pomona
