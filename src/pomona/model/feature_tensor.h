#pragma once

#include <arrow/result.h>

#include <openvino/core/model.hpp>
#include <string>
#include <vector>

namespace pomona {

/// The name by which a tensor is shown and can be asked for.
std::string TensorName(const ov::Output<const ov::Node>& tensor);

/// The tensor to read as features. `network` has a fixed input shape.
///
/// `wanted` is a tensor's or a layer's name; KeyError if there is none. Empty: the input
/// of the last fully connected layer (MatMul with constant weights, or 1x1 convolution on
/// 1x1 pixels) before the output, or the output itself where no such layer follows the
/// pooling. Invalid lists the candidates where several outputs lead to different tensors,
/// or where the tensor is neither [1,C] nor [1,C,H,W].
arrow::Result<ov::Output<ov::Node>> FindFeatures(const ov::Model& network,
                                                 const std::string& wanted);

/// Tensors that FindFeatures accepts by name, nearest to the output first: vectors, and
/// the maps that a pooling reads; where there are none, the last maps.
std::vector<ov::Output<ov::Node>> FeatureCandidates(const ov::Model& network);

/// The part of `network` that computes `features`, with one output [1,C] of that name.
/// Maps are averaged over height and width; `layout` ("NCHW", "NHWC") says which axes
/// those are where the shape does not.
std::shared_ptr<ov::Model> CutAtFeatures(const ov::Model& network,
                                         const ov::Output<ov::Node>& features,
                                         const std::string& layout);

}  // namespace pomona
