#pragma once

#include <arrow/result.h>

#include <openvino/core/model.hpp>
#include <string>
#include <vector>

namespace pomona {

/// The name by which a tensor is shown and can be asked for.
std::string TensorName(const ov::Output<const ov::Node>& tensor);

/// The tensor to read as features: [1,C], or a map to average over its pixels.
struct FeatureTensor {
  ov::Output<ov::Node> tensor;
  std::string origin;  ///< why this one, for people: "the input of the last dense layer"
};

/// Whether a tensor or a layer of one output is called so.
bool HasTensor(const ov::Model& network, const std::string& name);

/// The tensor or layer that is called `name`; `named_by` is who called it that, for `origin`.
/// KeyError if there is none. Invalid lists the candidates where it cannot be features.
arrow::Result<FeatureTensor> NamedFeatures(const ov::Model& network, const std::string& name,
                                           const std::string& named_by);

/// The tensor to read when none is named. `network` has a fixed input shape. Going back from the
/// output: the input of the last dense layer (a product with constant weights, or a convolution of
/// a single pixel); where probabilities come out and the last layer is a convolution, its input;
/// where there is no head, the output itself. Invalid lists the candidates where nothing tells
/// which of these it is, or where several outputs lead to different tensors.
arrow::Result<FeatureTensor> FindFeatures(const ov::Model& network);

/// Tensors that NamedFeatures accepts, nearest to the output first: vectors, and the maps that a
/// pooling reads; where there are none, the last maps.
std::vector<ov::Output<ov::Node>> FeatureCandidates(const ov::Model& network);

}  // namespace pomona
