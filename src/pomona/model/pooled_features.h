#pragma once

#include <cstddef>
#include <memory>
#include <openvino/core/model.hpp>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// A tensor to read as features: a vector, or a map, which is pooled.
struct FeatureSource {
  ov::Output<ov::Node> tensor;
  bool is_map = false;
  /// The axis of a map that holds its channels, 1 or 3.
  size_t channel_axis = 1;
};

/// The part of `network` that computes `sources`: an output for each, in their order. It shares
/// their nodes.
std::shared_ptr<ov::Model> CutAt(const ov::Model& network,
                                 const std::vector<FeatureSource>& sources);

/// Features as one tensor of a network, and what is where in it.
struct PooledFeatures {
  std::shared_ptr<ov::Model> graph;  ///< with one output: [1, feature_dim], float32
  std::vector<FeatureSlice> slices;
};

/// Pools what CutAt made and joins it, in the order of `sources`; the deviations of a map follow
/// its means. They are computed in the graph, where the engine does it beside the network's own
/// layers, in two passes: the square of the mean is not subtracted from the mean of squares, which
/// would lose the digits of a deviation that is small beside its mean.
PooledFeatures PoolFeatures(const ov::Model& part, const std::vector<FeatureSource>& sources,
                            Pooling pooling);

}  // namespace pomona
