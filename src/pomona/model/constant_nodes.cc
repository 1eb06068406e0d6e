#include "pomona/model/constant_nodes.h"

#include <algorithm>
#include <openvino/op/constant.hpp>
#include <openvino/op/util/shape_of_base.hpp>

namespace pomona {

ConstantNodes::ConstantNodes(const ov::Model& network) {
  // In order of computation: whatever a node reads has been looked at before it.
  for (const auto& node : network.get_ordered_ops()) {
    const auto inputs = node->input_values();
    const bool fixed_shape = ov::is_type<ov::op::util::ShapeOfBase>(node) &&
                             node->get_input_partial_shape(0).is_static();
    const bool computed = !inputs.empty() && std::all_of(inputs.begin(), inputs.end(),
                                                         [&](const auto& v) { return Has(v); });
    if (ov::is_type<ov::op::v0::Constant>(node) || fixed_shape || computed) {
      nodes_.insert(node.get());
    }
  }
}

}  // namespace pomona
