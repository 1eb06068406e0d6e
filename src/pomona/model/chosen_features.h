#pragma once

#include <arrow/result.h>

#include <cstddef>
#include <openvino/core/model.hpp>
#include <string>

#include "pomona/model.h"
#include "pomona/model/network_input.h"

namespace pomona {

/// What a caller says about the features: the options of that name. Empty: not said.
struct FeatureWish {
  std::string tensor;
  std::string layout;  ///< "NCHW" or "NHWC"
};

/// What features are, besides their numbers.
struct FeatureFacts {
  std::string tensor;        ///< its name
  std::string origin;        ///< why this one, and what was done to it, for people
  std::string layout;        ///< "NCHW" or "NHWC" where a map was averaged, else empty
  std::string input_layout;  ///< of the image that the network takes: "NCHW" or "NHWC"

  /// One line of text that the compiled network carries, and its reader.
  std::string ToText() const;
  static FeatureFacts FromText(const std::string& text);
};

struct ChosenFeatures {
  ov::Output<ov::Node> tensor;
  size_t channel_axis = 1;
  FeatureFacts facts;
};

/// The features of `network`, whose input is fixed: what `wish` names, else the card, else what
/// FindFeatures finds. Errors as its; and Invalid where nothing tells which axis of a map holds its
/// channels.
arrow::Result<ChosenFeatures> ChooseFeatures(const ov::Model& network, const ModelCard& card,
                                             const NetworkInput& input, const FeatureWish& wish);

}  // namespace pomona
