#pragma once

#include <memory>
#include <openvino/core/model.hpp>

#include "pomona/classifier.h"

namespace pomona {

/// Names of the graph's input and outputs.
inline constexpr char kImage[] = "image";
inline constexpr char kProbabilities[] = "probabilities";
inline constexpr char kUnknownScore[] = "unknown_score";
inline constexpr char kFeatures[] = "features";
inline constexpr char kPosition[] = "position";

/// A graph from [1, height, width, 3] uint8 RGB of any size to the answers of `classifier`, in
/// float32: see Export. `features`: from [1, height, width, 3] uint8 of one size to [1,
/// classifier.dim()], as BuildFeatureNetwork makes it; it becomes part of the graph.
///
/// The image is resized by one operation on uint8, of which both OpenVINO and ONNX Runtime make
/// Pillow's bicubic with its rounding between the two passes: measured, all pixels but one of ten
/// thousand are Pillow's, and those are one grey level off. Both go horizontally first; Pillow 13
/// goes vertically first where the height shrinks by more than twice what the width does.
std::shared_ptr<ov::Model> AnswerGraph(const std::shared_ptr<ov::Model>& features,
                                       const Classifier& classifier);

}  // namespace pomona
