#pragma once

#include <openvino/core/model.hpp>
#include <unordered_set>

namespace pomona {

/// The nodes of a network whose values do not depend on its input: weights, also behind
/// decompression, transposition or reshaping, and shapes that are fixed.
class ConstantNodes {
 public:
  explicit ConstantNodes(const ov::Model& network);

  bool Has(const ov::Output<ov::Node>& value) const { return nodes_.contains(value.get_node()); }

 private:
  std::unordered_set<const ov::Node*> nodes_;
};

}  // namespace pomona
