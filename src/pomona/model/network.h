#pragma once

#include <arrow/result.h>

#include <memory>
#include <openvino/core/model.hpp>

#include "pomona/model.h"
#include "pomona/model/chosen_features.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/network_input.h"

namespace pomona {

/// Reads the graph of `model` from disk, as it is. IOError if the file is missing,
/// Invalid if it is no network.
arrow::Result<std::shared_ptr<ov::Model>> ReadNetwork(const Model& model);

/// The part of a network between its image and its features.
struct FeaturePart {
  std::shared_ptr<ov::Model> whole;  ///< all of the network; shares nodes with `graph`
  std::shared_ptr<ov::Model> graph;
  NetworkInput input;
  FeatureFacts features;
};

/// `input_size`: the side of the image in pixels; 0: the network's own size. Errors as
/// Engine::Load.
arrow::Result<FeaturePart> FindFeaturePart(const Model& model, const FeatureWish& wish,
                                           int input_size);

/// A graph from [1, height, width, 3] uint8 RGB to [1, feature_dim] float32: colour order,
/// normalisation and layout in front, everything after the features gone.
struct FeatureNetwork {
  std::shared_ptr<ov::Model> graph;
  FeatureFacts features;
};

/// As FindFeaturePart. With `int8` it computes in whole numbers, see Quantise.
arrow::Result<FeatureNetwork> BuildFeatureNetwork(const Model& model, const FeatureWish& wish,
                                                  int input_size, const Int8File* int8 = nullptr);

/// The same to the ranges of the tensors that its layers read: see ObserveInputs.
arrow::Result<FeatureNetwork> BuildRangeNetwork(const Model& model, const FeatureWish& wish,
                                                int input_size);

}  // namespace pomona
