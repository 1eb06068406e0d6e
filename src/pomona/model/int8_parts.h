#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// What can be int8 in the part of a network that computes its features.
struct Int8Parts {
  std::vector<std::string> layers;   ///< in order of computation
  std::vector<std::string> tensors;  ///< that they read: of each, two numbers of the ranges
  int height = 0, width = 0;         ///< of the network's input, pixels
};

/// Of `model` with these options `features` and `features_layout`; for the order of what
/// EngineOptions::ranges gives. Errors as Engine::Load.
arrow::Result<Int8Parts> FindInt8Parts(const Model& model, const std::string& features,
                                       const std::string& features_layout);

}  // namespace pomona
