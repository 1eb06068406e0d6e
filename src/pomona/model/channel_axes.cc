#include "pomona/model/channel_axes.h"

#include <algorithm>
#include <openvino/op/util/arithmetic_reductions_keep_dims.hpp>
#include <openvino/op/util/avg_pool_base.hpp>
#include <openvino/op/util/binary_elementwise_arithmetic.hpp>
#include <openvino/op/util/broadcast_base.hpp>
#include <openvino/op/util/convolution_backprop_base.hpp>
#include <openvino/op/util/convolution_base.hpp>
#include <openvino/op/util/interpolate_base.hpp>
#include <openvino/op/util/max_pool_base.hpp>
#include <openvino/op/util/pad_base.hpp>
#include <openvino/op/util/unary_elementwise_arithmetic.hpp>
#include <openvino/opsets/opset13.hpp>
#include <vector>

#include "pomona/model/is_any.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
namespace util = ov::op::util;

constexpr size_t kFirst = 1;  ///< [1,C,H,W]
constexpr size_t kLast = 3;   ///< [1,H,W,C]

bool HasFourAxes(const ov::Output<ov::Node>& tensor) {
  const auto rank = tensor.get_partial_shape().rank();
  return rank.is_static() && rank.get_length() == 4;
}

/// Layers that are defined on [N,C,H,W] and nothing else.
bool MakesChannelsFirst(const ov::Node* node) {
  return IsAny<util::ConvolutionFwdPropBase, util::ConvolutionBackPropBase, util::MaxPoolBase,
               util::AvgPoolBase, ops::BatchNormInference, ov::op::v0::BatchNormInference,
               ops::GroupNormalization, ops::DepthToSpace, ops::SpaceToDepth, ops::AdaptiveAvgPool,
               ops::AdaptiveMaxPool>(node);
}

/// Layers that leave each axis what it was, in all inputs of four axes.
bool KeepsAxes(const ov::Node* node) {
  if (IsAny<util::UnaryElementwiseArithmetic, util::BinaryElementwiseArithmetic,
            util::ArithmeticReductionKeepDims, util::PadBase, util::InterpolateBase,
            util::BroadcastBase, ops::Convert, ops::Clamp, ops::PRelu, ops::Swish, ops::Selu,
            ops::HardSigmoid, ops::FakeQuantize, ops::Softmax, ov::op::v1::Softmax, ops::LogSoftmax,
            ops::NormalizeL2, ops::MVN, ops::LRN, ops::Select, ops::Concat, ops::Split,
            ops::VariadicSplit, ops::Tile, ops::Slice, ops::ShuffleChannels, ops::Roll>(node)) {
    return true;
  }
  if (const auto* slice = ov::as_type<const ops::StridedSlice>(node)) {
    const auto none = [](const std::vector<int64_t>& mask) {
      return std::all_of(mask.begin(), mask.end(), [](int64_t bit) { return bit == 0; });
    };
    return none(slice->get_new_axis_mask()) && none(slice->get_shrink_axis_mask()) &&
           none(slice->get_ellipsis_mask());
  }
  // A reshape to the same shape does nothing.
  return ov::is_type<ops::Reshape>(node) && node->get_output_partial_shape(0).is_static() &&
         node->get_input_partial_shape(0) == node->get_output_partial_shape(0);
}

}  // namespace

ChannelAxes::ChannelAxes(const ov::Model& network, const std::string& input_layout)
    : constants_(network), input_axis_(input_layout == "NHWC" ? kLast : kFirst) {
  // In order of computation.
  for (const auto& node : network.get_ordered_ops()) {
    const auto axis = AxisOf(node.get());
    for (size_t i = 0; axis && i < node->get_output_size(); ++i) known_[{node.get(), i}] = *axis;
  }
}

std::optional<size_t> ChannelAxes::Of(const ov::Output<ov::Node>& map) const {
  const auto found = known_.find({map.get_node(), map.get_index()});
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

std::optional<size_t> ChannelAxes::AxisOf(const ov::Node* node) const {
  if (node->get_output_size() == 0 || node->get_output_partial_shape(0).rank() != 4) {
    return std::nullopt;
  }
  if (ov::is_type<ops::Parameter>(node)) return input_axis_;
  if (MakesChannelsFirst(node)) return kFirst;
  if (ov::is_type<ops::MatMul>(node)) return OfProduct(node);
  if (ov::is_type<ops::Transpose>(node)) return OfTransposed(node);
  return KeepsAxes(node) ? Agreed(node) : std::nullopt;
}

std::optional<size_t> ChannelAxes::OfProduct(const ov::Node* node) const {
  const auto& product = *ov::as_type<const ops::MatMul>(node);
  const bool dense = constants_.Has(product.input_value(1)) && !product.get_transpose_a() &&
                     HasFourAxes(product.input_value(0));
  return dense ? std::optional(kLast) : std::nullopt;
}

std::optional<size_t> ChannelAxes::OfTransposed(const ov::Node* node) const {
  const auto before = Of(node->input_value(0));
  const auto* order = ov::as_type<const ops::Constant>(node->get_input_node_ptr(1));
  if (!before || order == nullptr) return std::nullopt;
  const auto axes = order->cast_vector<int64_t>();
  const auto after = std::find(axes.begin(), axes.end(), static_cast<int64_t>(*before));
  if (after == axes.end()) return std::nullopt;
  const auto axis = static_cast<size_t>(after - axes.begin());
  return axis == kFirst || axis == kLast ? std::optional(axis) : std::nullopt;
}

/// What the inputs whose axis is known say, if they say the same.
std::optional<size_t> ChannelAxes::Agreed(const ov::Node* node) const {
  std::optional<size_t> agreed;
  for (const auto& input : node->input_values()) {
    const auto axis = Of(input);
    if (!axis) continue;
    if (agreed && *agreed != *axis) return std::nullopt;
    agreed = axis;
  }
  return agreed;
}

}  // namespace pomona
