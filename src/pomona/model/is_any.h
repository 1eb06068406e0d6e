#pragma once

#include <openvino/core/node.hpp>
#include <openvino/core/type.hpp>

namespace pomona {

/// Whether `node` is an operation of one of these types, or of one derived from them.
template <typename... Types>
bool IsAny(const ov::Node* node) {
  return (ov::is_type<Types>(node) || ...);
}

}  // namespace pomona
