#include "pomona/model/tensor_kind.h"

#include <algorithm>
#include <openvino/core/node.hpp>

namespace pomona {
namespace {

/// Axes of a length above 1; -1 where the shape is open, empty, or of more images than one.
int LongAxes(const ov::Output<ov::Node>& tensor) {
  const auto& shape = tensor.get_partial_shape();
  if (shape.is_dynamic() || shape.size() == 0 || shape[0] != 1) return -1;
  int axes = 0;
  for (const auto& length : shape) {
    if (length.get_length() < 1) return -1;
    if (length.get_length() > 1) ++axes;
  }
  return axes;
}

}  // namespace

bool IsVector(const ov::Output<ov::Node>& tensor) {
  const int axes = LongAxes(tensor);
  return axes == 0 || axes == 1;
}

bool IsMap(const ov::Output<ov::Node>& tensor) {
  return LongAxes(tensor) > 1 && tensor.get_partial_shape().size() == 4;
}

bool CanBeFeatures(const ov::Output<ov::Node>& tensor) {
  if (LongAxes(tensor) < 0 || !tensor.get_element_type().is_real()) return false;
  const size_t rank = tensor.get_partial_shape().size();
  return rank == 2 || rank == 4;
}

}  // namespace pomona
