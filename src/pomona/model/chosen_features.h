#pragma once

#include <arrow/result.h>

#include <openvino/core/model.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pomona/model.h"
#include "pomona/model/network_input.h"
#include "pomona/model/pooled_features.h"

namespace pomona {

/// What a caller says about the features: the options of that name. Empty: not said.
struct FeatureWish {
  std::string tensors;  ///< names with commas between, "last", "levels"
  std::string layout;   ///< "NCHW" or "NHWC"
  std::optional<Pooling> pooling;
};

/// What features are, besides their numbers.
struct FeatureFacts {
  std::string tensor;        ///< its name; those of several have commas between
  std::string origin;        ///< why this one, and what was done to it, for people
  std::string layout;        ///< "NCHW" or "NHWC" of the maps that were pooled, else empty
  std::string input_layout;  ///< of the image that the network takes: "NCHW" or "NHWC"
  std::vector<FeatureSlice> slices;

  /// One line of text that the compiled network carries, and its reader.
  std::string ToText() const;
  static FeatureFacts FromText(const std::string& text);
};

struct ChosenFeatures {
  std::vector<FeatureSource> sources;
  Pooling pooling = Pooling::kMean;
  std::string origin;         ///< why these
  std::string layout;         ///< of the maps among them
  std::string layout_origin;  ///< who says so, after a comma; empty: the graph
};

/// The features of `network`, whose input is fixed: what `wish` names, else the card, else what
/// FindFeatures finds; the levels are those of the card, else those of FindLevels. Pooled is to the
/// mean, and where levels are read, to mean and deviation. A tensor of the network that is called
/// "last" or "levels", or has a comma in its name, counts before what these words mean here.
/// Errors as FindFeatures; and Invalid where nothing tells which axis of a map holds its channels,
/// for a network without levels, and for a tensor that is named twice.
arrow::Result<ChosenFeatures> ChooseFeatures(const ov::Model& network, const ModelCard& card,
                                             const NetworkInput& input, const FeatureWish& wish);

/// The facts of features whose slices are known, on an input of the size at which they are read.
FeatureFacts FactsOf(const ChosenFeatures& chosen, const NetworkInput& input,
                     std::vector<FeatureSlice> slices);

}  // namespace pomona
