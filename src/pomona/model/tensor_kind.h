#pragma once

#include <openvino/core/node_output.hpp>

namespace pomona {

/// One image, and at most one axis longer than 1: [1,C], [1,C,1,1], [1,1,C].
bool IsVector(const ov::Output<ov::Node>& tensor);

/// Four axes, [1,C,H,W] or [1,H,W,C], of more than one pixel.
bool IsMap(const ov::Output<ov::Node>& tensor);

/// A vector or a map of floats, of a fixed shape that is not empty: can be features.
bool CanBeFeatures(const ov::Output<ov::Node>& tensor);

}  // namespace pomona
