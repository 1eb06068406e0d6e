#include "pomona/model/levels.h"

#include <algorithm>
#include <array>
#include <map>
#include <openvino/op/util/avg_pool_base.hpp>
#include <openvino/op/util/binary_elementwise_arithmetic.hpp>
#include <openvino/op/util/convolution_base.hpp>
#include <openvino/op/util/max_pool_base.hpp>
#include <openvino/op/util/unary_elementwise_arithmetic.hpp>
#include <openvino/opsets/opset13.hpp>
#include <unordered_set>

#include "pomona/model/is_any.h"
#include "pomona/model/tensor_kind.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
namespace util = ov::op::util;
using Value = ov::Output<ov::Node>;
using Nodes = std::unordered_set<const ov::Node*>;

/// `from` and everything that it is computed of.
Nodes Ancestors(const ov::Node* from) {
  Nodes seen = {from};
  std::vector<const ov::Node*> open = {from};
  while (!open.empty()) {
    const ov::Node* node = open.back();
    open.pop_back();
    for (const auto& input : node->input_values()) {
      if (seen.insert(input.get_node()).second) open.push_back(input.get_node());
    }
  }
  return seen;
}

/// The nodes of which `last` is the mean, going back past reshapes; empty where it is none.
Nodes AveragedTo(const Value& last) {
  Nodes averaged;
  bool mean = false;
  const ov::Node* node = last.get_node();
  while (IsAny<ops::ReduceMean, util::AvgPoolBase, ops::Reshape, ops::Squeeze, ops::Unsqueeze,
               ops::Transpose, ops::Convert>(node)) {
    mean = mean || IsAny<ops::ReduceMean, util::AvgPoolBase>(node);
    node = node->get_input_node_ptr(0);
    if (mean) averaged.insert(node);
  }
  return averaged;
}

/// Layers after which a map is another one. A pad is not: the next layer cuts it off again.
bool MakesMap(const ov::Node* node) {
  return IsAny<util::ConvolutionFwdPropBase, util::BinaryElementwiseArithmetic,
               util::UnaryElementwiseArithmetic, util::MaxPoolBase, util::AvgPoolBase, ops::Clamp,
               ops::PRelu, ops::Swish, ops::Concat, ops::BatchNormInference>(node);
}

}  // namespace

std::vector<Value> FindLevels(const ov::Model& network, const ChannelAxes& axes,
                              const Value& last) {
  const Nodes before = Ancestors(last.get_node());
  const Nodes averaged = AveragedTo(last);
  Nodes convolved;
  std::map<std::array<size_t, 2>, std::pair<size_t, Value>> by_size;
  size_t place = 0;
  for (const auto& shared : network.get_ordered_ops()) {
    const ov::Node* node = shared.get();
    const bool is_convolution = ov::is_type<util::ConvolutionFwdPropBase>(node);
    const auto is_convolved = [&](const auto& input) {
      return convolved.contains(input.get_node());
    };
    const auto inputs = node->input_values();
    if (!is_convolution && std::none_of(inputs.begin(), inputs.end(), is_convolved)) continue;
    convolved.insert(node);
    if (!before.contains(node) || !MakesMap(node)) continue;
    const Value map = shared->output(0);
    const auto axis = axes.Of(map);
    if (!IsMap(map) || !axis || !CanBeFeatures(map)) continue;
    const ov::Shape shape = map.get_shape();
    const std::array size = {shape[*axis == 1 ? 2 : 1], shape[*axis == 1 ? 3 : 2]};
    if (size[0] * size[1] > 1) by_size[size] = {place++, map};
  }
  std::vector<std::pair<size_t, Value>> found;
  for (auto& [size, level] : by_size) {
    const bool is_last = level.second == last || averaged.contains(level.second.get_node());
    if (!is_last) found.push_back(std::move(level));
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Value> levels;
  for (auto& [order, level] : found) levels.push_back(std::move(level));
  return levels;
}

}  // namespace pomona
