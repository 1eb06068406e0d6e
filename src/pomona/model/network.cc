#include "pomona/model/network.h"

#include <stdlib.h>

#include <filesystem>
#include <openvino/frontend/manager.hpp>
#include <stdexcept>

#include "pomona/error_kind.h"
#include "pomona/model/feature_tensor.h"
#include "pomona/model/image_input.h"
#include "pomona/model/int8_layers.h"
#include "pomona/model/model_format.h"
#include "pomona/model/openvino_core.h"
#include "pomona/model/quantise.h"

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

/// OpenVINO's reader of .tflite takes no other spelling: it gets a link of that name.
std::shared_ptr<ov::Model> ReadTfliteOfAnotherName(const std::filesystem::path& path) {
  std::string folder = std::filesystem::temp_directory_path() / "pomona-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  struct Removed {
    const std::string& folder;
    ~Removed() {
      std::error_code error;
      std::filesystem::remove_all(folder, error);
    }
  } const removed{folder};
  const std::string link = folder + "/model.tflite";
  std::filesystem::create_symlink(std::filesystem::absolute(path), link);
  return ReadAs("tflite", link);
}

arrow::Status CannotUse(const Model& model, const std::exception& exception) {
  return OpenVinoError(arrow::StatusCode::Invalid, "cannot use model `" + model.path + "`",
                       exception);
}

}  // namespace

arrow::Result<std::shared_ptr<ov::Model>> ReadNetwork(const Model& model) {
  const std::filesystem::path path = model.path;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return arrow::Status::IOError("model file `", model.path, "` does not exist");
  }
  const auto format = FormatOf(path);
  if (!format) {
    return arrow::Status::Invalid("cannot read model `", model.path,
                                  "`: unknown format\nhint: .xml (OpenVINO IR), .onnx, .tflite, or "
                                  "a folder with saved_model.pb");
  }
  try {
    switch (*format) {
      case ModelFormat::kIr:
        return ReadAs("ir", model.path);
      case ModelFormat::kOnnx:
        return ReadAs("onnx", model.path);
      case ModelFormat::kTflite:
        if (path.extension() != ".tflite") return ReadTfliteOfAnotherName(path);
        return ReadAs("tflite", model.path);
      case ModelFormat::kSavedModel:
        return ReadAs("tf", model.path);
    }
  } catch (const std::exception& exception) {
    return OpenVinoError(kDamagedData, "cannot read model `" + model.path + "`", exception);
  }
  return arrow::Status::UnknownError("no reader for model `", model.path, "`");
}

arrow::Result<FeaturePart> FindFeaturePart(const Model& model, const FeatureWish& wish,
                                           int input_size) {
  FeaturePart part;
  ARROW_ASSIGN_OR_RAISE(part.whole, ReadNetwork(model));
  if (!model.card.normalisation) {
    return arrow::Status::Invalid("model `", model.card.name,
                                  "` does not say how it wants its pixels\nhint: choose "
                                  "option `preprocess`, or give \"normalisation\" in its card");
  }
  ARROW_ASSIGN_OR_RAISE(part.input, FixInput(model.card, input_size, part.whole.get()));
  ARROW_ASSIGN_OR_RAISE(const auto chosen,
                        ChooseFeatures(*part.whole, model.card, part.input, wish));
  try {
    // What comes after the features may be made for one size: it is gone before the size changes.
    const auto cut = CutAt(*part.whole, chosen.sources);
    if (input_size > 0) ARROW_RETURN_NOT_OK(ResizeInput(input_size, &part.input, cut.get()));
    PooledFeatures pooled = PoolFeatures(*cut, chosen.sources, chosen.pooling);
    part.graph = std::move(pooled.graph);
    part.features = FactsOf(chosen, part.input, std::move(pooled.slices));
  } catch (const std::exception& exception) {
    return CannotUse(model, exception);
  }
  return part;
}

arrow::Result<FeatureNetwork> BuildFeatureNetwork(const Model& model, const FeatureWish& wish,
                                                  int input_size, const Int8File* int8) {
  ARROW_ASSIGN_OR_RAISE(const FeaturePart part, FindFeaturePart(model, wish, input_size));
  try {
    if (int8 != nullptr) {
      ARROW_RETURN_NOT_OK(CheckInt8Names(*int8, model.int8_path, *part.whole));
      ARROW_RETURN_NOT_OK(Quantise(*int8, part.graph.get()));
    }
    return FeatureNetwork{TakePixels(part.input, *model.card.normalisation, part.graph),
                          part.features};
  } catch (const std::exception& exception) {
    return CannotUse(model, exception);
  }
}

arrow::Result<FeatureNetwork> BuildRangeNetwork(const Model& model, const FeatureWish& wish,
                                                int input_size) {
  ARROW_ASSIGN_OR_RAISE(const FeaturePart part, FindFeaturePart(model, wish, input_size));
  try {
    const auto ranges = ObserveInputs(*part.graph, Int8Layers(*part.graph));
    return FeatureNetwork{TakePixels(part.input, *model.card.normalisation, ranges), part.features};
  } catch (const std::exception& exception) {
    return CannotUse(model, exception);
  }
}

}  // namespace pomona
