#pragma once

#include <arrow/result.h>

#include <openvino/core/model.hpp>
#include <string>

#include "pomona/model.h"

namespace pomona {

/// How a network wants its image.
struct NetworkInput {
  int height = 0;
  int width = 0;
  std::string layout;  ///< "NCHW" or "NHWC"
};

/// Finds the image input from the graph and, where the graph leaves it open, the card;
/// then fixes the graph's shape to one image of that size. Invalid where they disagree
/// or leave something open, and for a network without exactly one 3-channel image input.
arrow::Result<NetworkInput> FixInput(const ModelCard& card, ov::Model* network);

}  // namespace pomona
