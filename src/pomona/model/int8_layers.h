#pragma once

#include <memory>
#include <openvino/core/model.hpp>
#include <openvino/op/constant.hpp>
#include <string>
#include <vector>

#include "pomona/model/weight_scales.h"

namespace pomona {

/// A layer that the engine can compute in whole numbers of 8 bits: a convolution, or a product with
/// weights.
struct Int8Layer {
  std::shared_ptr<ov::Node> node;
  std::string name;                               ///< of its output
  std::string input;                              ///< name of the tensor that it reads
  std::shared_ptr<ov::op::v0::Constant> weights;  ///< float32, of the shape that the layer reads
  WeightLayout layout;
  ov::Shape scale_shape;  ///< of one number an output, against the weights
};

/// The layers of `network`, in order of computation: input 0 is their data, input 1 their weights.
std::vector<Int8Layer> Int8Layers(const ov::Model& network);

/// The names of the tensors that `layers` read, each once.
std::vector<std::string> InputNames(const std::vector<Int8Layer>& layers);

/// What `network` is but for its output, [1, 2 * names]: the lowest and the highest number of each
/// of InputNames(layers).
std::shared_ptr<ov::Model> ObserveInputs(const ov::Model& network,
                                         const std::vector<Int8Layer>& layers);

}  // namespace pomona
