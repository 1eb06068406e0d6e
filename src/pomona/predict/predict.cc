#include "pomona/predict.h"

#include <set>
#include <string_view>

#include "pomona/base/json.h"
#include "pomona/features/feature_table.h"
#include "pomona/options.h"
#include "pomona/predict/predict_images.h"
#include "pomona/predict/predict_table.h"
#include "pomona/predict/source_kind.h"
#include "pomona/run/option_value.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

bool IsGiven(const Option& option, const RunOptions& run) {
  return OptionValue(option, run) != OptionValue(option, RunOptions());
}

/// What a classifier says is not said again.
Status RefuseWhatMakesFeatures(const RunOptions& run) {
  for (const Option& option : RunOptionTable()) {
    if (!option.makes_features || !IsGiven(option, run)) continue;
    return Status::Invalid("option `", option.name,
                           "`: features are made as those that the classifier learned from");
  }
  return Status::OK();
}

Status RefuseWhatTablesLack(const PredictOptions& options) {
  static const std::set<std::string_view> taken = {"overwrite", "threads"};
  const std::string why =
      " is for images, and " + ShownUri(options.run.list.source) + " is a feature table";
  for (const Option& option : RunOptionTable()) {
    if (option.group == OptionGroup::kStorage || taken.contains(option.name)) continue;
    if (IsGiven(option, options.run)) return Status::Invalid("option `", option.name, "`", why);
  }
  if (options.keep_features) return Status::Invalid("option `keep_features`", why);
  if (!options.model.empty()) return Status::Invalid("option `model`", why);
  return Status::OK();
}

Status RefuseWhatImagesLack(const PredictOptions& options) {
  if (options.column != PredictOptions().column) {
    return Status::Invalid("option `column` is for a feature table, and ",
                           ShownUri(options.run.list.source), " holds images");
  }
  if (options.run.features_as != RunOptions().features_as && !options.keep_features) {
    return Status::Invalid("option `features_as` has no features to store",
                           "\nhint: option `keep_features` keeps them");
  }
  return Status::OK();
}

/// Whether it is one of images; Invalid: with options that are not for such.
Result<bool> IsOfImages(const PredictOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ListOptions list = options.run.list;
  list.stop = options.run.extract.stop;
  ARROW_ASSIGN_OR_RAISE(const bool table, IsFeatureTable(list));
  ARROW_RETURN_NOT_OK(table ? RefuseWhatTablesLack(options) : RefuseWhatImagesLack(options));
  return !table;
}

}  // namespace

Result<PredictReport> Predict(const PredictOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const bool images, IsOfImages(options));
  return images ? PredictImages(options) : PredictTable(options);
}

Result<Plan> PlanPredict(const PredictOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const bool images, IsOfImages(options));
  if (images) return PlanImages(options);
  return Status::Invalid("the source ", ShownUri(options.run.list.source),
                         " is a feature table, of which there is no plan: it is answered anew");
}

Status PredictOptions::Validate() const {
  ARROW_RETURN_NOT_OK(run.Validate());
  ARROW_RETURN_NOT_OK(RefuseWhatMakesFeatures(run));
  ARROW_RETURN_NOT_OK(CheckTableOptions(run.list.source, column, run.extract.storage));
  ARROW_RETURN_NOT_OK(Uri::Parse(classifier).status());
  return rows_per_file ? CheckRowsPerFile(*rows_per_file) : Status::OK();
}

std::string PredictReport::ToJson() const {
  Json json = {{"pomona", version},
               {run ? "source" : "features", ShownUri(source)},
               {"output", ShownUri(output)},
               {"rows", rows},
               {"skipped", skipped},
               {"parts", parts},
               {"finished_before", finished_before}};
  const auto tell = [](const TargetAnswers& one, Json* to) {
    (*to)["unknown"] = one.unknown;
    (*to)["single"] = one.single;
    (*to)["classes"] = one.classifier.classes();
    (*to)["coverage"] = one.classifier.coverage();
    (*to)["false_alarms"] = one.classifier.false_alarms();
  };
  if (targets.size() == 1) {
    tell(targets.front(), &json);
  } else {
    json["targets"] = Json::array();
    for (const TargetAnswers& one : targets) {
      json["targets"].push_back({{"target", one.classifier.target()}});
      tell(one, &json["targets"].back());
    }
  }
  json["seconds"] = seconds;
  json["peak_memory_bytes"] = peak_memory_bytes;
  if (run) json["run"] = ParseJson(run->ToJson()).ValueOr(Json());
  return JsonDocument(json);
}

}  // namespace pomona
