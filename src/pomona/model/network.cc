#include "pomona/model/network.h"

#include <filesystem>

#include "pomona/model/feature_tensor.h"
#include "pomona/model/image_input.h"
#include "pomona/model/openvino_core.h"

namespace pomona {

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
    result.graph = TakePixels(input, *model.card.normalisation, cut);
    return result;
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot use model `" + model.path + "`",
                         exception);
  }
}

}  // namespace pomona
