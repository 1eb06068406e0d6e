#include "pomona/model/network.h"

#include <filesystem>
#include <openvino/frontend/manager.hpp>
#include <stdexcept>

#include "pomona/model/feature_tensor.h"
#include "pomona/model/image_input.h"
#include "pomona/model/openvino_core.h"

namespace pomona {

namespace {

/// The reader of a format by name: OpenVINO's own guess would try every reader it has on a
/// damaged file, loading each one's library and letting it write to stderr.
std::shared_ptr<ov::Model> ReadAs(const std::string& framework, const std::string& path) {
  ov::frontend::FrontEndManager manager;
  const auto frontend = manager.load_by_framework(framework);
  const auto loaded = frontend->load(path);
  if (loaded == nullptr) throw std::runtime_error("the file is not in " + framework + " format");
  return frontend->convert(loaded);
}

}  // namespace

arrow::Result<std::shared_ptr<ov::Model>> ReadNetwork(const Model& model) {
  const std::filesystem::path path = model.path;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return arrow::Status::IOError("model file `", model.path, "` does not exist");
  }
  try {
    const std::string kind = path.extension().string();
    if (kind == ".xml") return ReadAs("ir", model.path);
    if (kind == ".onnx") return ReadAs("onnx", model.path);
    if (kind == ".tflite") return ReadAs("tflite", model.path);
    if (std::filesystem::exists(path / "saved_model.pb", error)) {
      return ReadAs("tf", model.path);
    }
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot read model `" + model.path + "`",
                         exception);
  }
  return arrow::Status::Invalid("cannot read model `", model.path,
                                "`: unknown format\nhint: .xml (OpenVINO IR), .onnx, .tflite, or a "
                                "folder with saved_model.pb");
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
