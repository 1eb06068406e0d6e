#include "pomona/model/network.h"

#include <algorithm>
#include <filesystem>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <vector>

#include "pomona/model/feature_tensor.h"
#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

std::shared_ptr<ov::Model> WithImageInput(const std::shared_ptr<ov::Model>& network,
                                          const std::string& layout,
                                          const Normalisation& normalisation) {
  ov::preprocess::PrePostProcessor processor(network);
  auto& input = processor.input();
  input.tensor().set_element_type(ov::element::u8).set_layout("NHWC");
  input.model().set_layout(ov::Layout(layout));
  auto& steps = input.preprocess();
  if (normalisation.bgr) steps.reverse_channels();
  const bool identity = normalisation.mean == std::array<float, 3>{0, 0, 0} &&
                        normalisation.scale == std::array<float, 3>{1, 1, 1};
  if (!identity) {
    steps.convert_element_type(ov::element::f32)
        .mean(std::vector<float>(normalisation.mean.begin(), normalisation.mean.end()))
        .scale(std::vector<float>(normalisation.scale.begin(), normalisation.scale.end()));
  }
  processor.output().tensor().set_element_type(ov::element::f32);
  return processor.build();
}

}  // namespace

arrow::Result<std::shared_ptr<ov::Model>> ReadNetwork(const Model& model) {
  std::error_code error;
  if (!std::filesystem::exists(model.path, error)) {
    return arrow::Status::IOError("model file `", model.path, "` does not exist");
  }
  try {
    return OpenVino().read_model(model.path);
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot read model `" + model.path + "`",
                         exception, "ONNX, OpenVINO IR, TFLite and SavedModel are understood");
  }
}

arrow::Result<FeatureNetwork> BuildFeatureNetwork(const Model& model, const std::string& features) {
  if (!model.card.normalisation) {
    return arrow::Status::Invalid("model `", model.card.name,
                                  "` does not say how it wants its pixels\nhint: choose "
                                  "--preprocess, or give \"normalisation\" in its card");
  }
  ARROW_ASSIGN_OR_RAISE(const auto network, ReadNetwork(model));
  ARROW_ASSIGN_OR_RAISE(const NetworkInput input, FixInput(model.card, network.get()));
  ARROW_ASSIGN_OR_RAISE(const auto tensor,
                        FindFeatures(*network, features.empty() ? model.card.features : features));
  try {
    FeatureNetwork result;
    result.feature_tensor = TensorName(tensor);
    const auto cut = CutAtFeatures(*network, tensor, input.layout);
    result.graph = WithImageInput(cut, input.layout, *model.card.normalisation);
    return result;
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot use model `" + model.path + "`",
                         exception);
  }
}

}  // namespace pomona
