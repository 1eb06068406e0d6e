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

/// Finds the image input from the graph and, where the graph leaves it open, the card, else
/// `input_size` (0: not said); then fixes the graph's shape to one image of that size. Invalid
/// where they disagree or leave something open, and for a network without exactly one 3-channel
/// image input.
arrow::Result<NetworkInput> FixInput(const ModelCard& card, int input_size, ov::Model* network);

/// Makes a network whose input is fixed take images of input_size x input_size instead: so does
/// one of convolutions and pooling over all pixels, wherever the rest was cut off. Invalid says
/// which of its layers are made for another size.
arrow::Status ResizeInput(int input_size, NetworkInput* input, ov::Model* network);

}  // namespace pomona
