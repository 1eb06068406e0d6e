#include <optional>
#include <string_view>

#include "pomona/base/available_cores.h"
#include "pomona/classify/target_names.h"
#include "pomona/features/feature_table.h"
#include "pomona/storage/uri.h"
#include "pomona/train.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int kMostPrototypes = 20;

Status CheckShare(const char* name, double share) {
  if (share > 0 && share < 1) return Status::OK();
  return Status::Invalid("option `", name, "` must be above 0 and below 1, not ", share);
}

}  // namespace

Result<std::optional<LearnMethod>> ParseTrainMethod(std::string_view name) {
  if (name == "auto") return std::nullopt;
  const auto method = ParseLearnMethod(name);
  if (method.ok()) return *method;
  return method.status().WithMessage(method.status().message(), ", or auto");
}

Status TrainOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  for (const std::string& table : {like, validate}) {
    if (!table.empty()) ARROW_RETURN_NOT_OK(Uri::Parse(table).status());
  }
  if (!targets.empty() && labels.empty()) {
    return Status::Invalid(
        "option `target`: there is no label map\nhint: option `labels` names one");
  }
  ARROW_RETURN_NOT_OK(CheckTargetNames(targets));
  return ValidateLearning();
}

Status TrainOptions::ValidateLearning() const {
  if (shrinkage && !(*shrinkage > 0 && *shrinkage <= 1)) {
    return Status::Invalid("option `shrinkage` must be above 0 and at most 1, not ", *shrinkage);
  }
  const bool logistic = !method || method == LearnMethod::kLogistic;
  if (!logistic && (penalty || balanced)) {
    return Status::Invalid("option `", penalty ? "penalty" : "balanced",
                           "` is of logistic regression\nhint: option `method` is ",
                           LearnMethodName(*method));
  }
  if (shrinkage && method == LearnMethod::kCentroid) {
    return Status::Invalid(
        "option `shrinkage` is of the discriminant\nhint: option `method` is centroid");
  }
  if (penalty && !(*penalty > 0)) {
    return Status::Invalid("option `penalty` must be above 0, not ", *penalty);
  }
  if (prototypes < 0 || prototypes > kMostPrototypes) {
    return Status::Invalid("option `prototypes` must be 0 to ", kMostPrototypes, ", not ",
                           prototypes);
  }
  ARROW_RETURN_NOT_OK(CheckShare("coverage", coverage));
  ARROW_RETURN_NOT_OK(CheckShare("false_alarms", false_alarms));
  return CheckThreads(threads);
}

}  // namespace pomona
