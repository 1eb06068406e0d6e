#pragma once

#include <arrow/result.h>

#include <memory>
#include <openvino/core/model.hpp>

#include "pomona/model.h"
#include "pomona/model/chosen_features.h"

namespace pomona {

/// Reads the graph of `model` from disk, as it is. IOError if the file is missing,
/// Invalid if it is no network.
arrow::Result<std::shared_ptr<ov::Model>> ReadNetwork(const Model& model);

/// A graph from [1, height, width, 3] uint8 RGB to [1, feature_dim] float32: colour order,
/// normalisation and layout in front, everything after the features gone.
struct FeatureNetwork {
  std::shared_ptr<ov::Model> graph;
  FeatureFacts features;
};

/// Errors as Engine::Load.
arrow::Result<FeatureNetwork> BuildFeatureNetwork(const Model& model, const FeatureWish& wish);

}  // namespace pomona
