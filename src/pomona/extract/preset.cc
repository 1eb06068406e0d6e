#include "pomona/extract/preset.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pomona/extract/source_side.h"
#include "pomona/model/engine_facts.h"
#include "pomona/model/input_sizes.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr std::array<std::pair<Preset, std::string_view>, 3> kNames = {{
    {Preset::kSame, "same"},
    {Preset::kFast, "fast"},
    {Preset::kRich, "rich"},
}};

arrow::Status MakeFast(std::optional<int> source_side, ExtractOptions* options) {
  ARROW_ASSIGN_OR_RAISE(const Model model, FindModel(options->model));
  if (!options->precision) {
    ARROW_ASSIGN_OR_RAISE(const auto engine, FindEngineFacts());
    options->precision = engine.auto_precision;
    if (*options->precision == Precision::kF32 && !model.int8_path.empty()) {
      options->precision = Precision::kInt8;
    }
  }
  if (options->input_size > 0 || !source_side) return arrow::Status::OK();
  EngineOptions network;
  network.features = options->features;
  network.features_layout = options->features_layout;
  network.pooling = options->pool;
  ARROW_ASSIGN_OR_RAISE(const auto sizes, FindInputSizes(model, network));
  if (!sizes.may_change || sizes.height != sizes.width) return arrow::Status::OK();
  options->input_size = JustifiedSize(*source_side, sizes.width);
  return arrow::Status::OK();
}

void MakeRich(ExtractOptions* options) {
  if (options->features.empty()) options->features = "levels";
  if (!options->views) options->views = ParseViews("dihedral").ValueOrDie();
}

}  // namespace

std::string_view PresetName(Preset preset) {
  return std::find_if(kNames.begin(), kNames.end(),
                      [&](const auto& named) { return named.first == preset; })
      ->second;
}

arrow::Result<Preset> ParsePreset(std::string_view name) {
  for (const auto& [preset, known] : kNames) {
    if (known == name) return preset;
  }
  return arrow::Status::Invalid("no preset `", ShownText(name), "`\nhint: fast, same or rich");
}

int JustifiedSize(int source_side, int own) {
  constexpr int kStep = 32;   // by which networks halve their image five times
  constexpr int kLeast = 96;  // below it the last maps have few pixels
  const int wanted = (source_side * 8 + 4) / 5;
  return std::min(std::max((wanted + kStep - 1) / kStep * kStep, kLeast), own);
}

arrow::Result<ExtractOptions> WithPreset(const ExtractOptions& options,
                                         std::optional<int> source_side) {
  ExtractOptions complete = options;
  if (options.preset == Preset::kFast) ARROW_RETURN_NOT_OK(MakeFast(source_side, &complete));
  if (options.preset == Preset::kRich) MakeRich(&complete);
  if (!complete.precision) complete.precision = Precision::kF32;
  if (!complete.views) complete.views.emplace();
  return complete;
}

arrow::Result<ExtractOptions> CompletePreset(
    const ExtractOptions& options, const std::shared_ptr<arrow::RecordBatch>& first_references) {
  std::optional<int> side;
  if (options.preset == Preset::kFast && options.input_size == 0 && first_references != nullptr) {
    ARROW_ASSIGN_OR_RAISE(side, SourceSide(*first_references, options.storage, options.image));
  }
  return WithPreset(options, side);
}

}  // namespace pomona
