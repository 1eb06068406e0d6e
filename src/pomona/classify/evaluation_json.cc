#include <cmath>

#include "pomona/base/json.h"
#include "pomona/evaluation.h"

namespace pomona {
namespace {

/// JSON has no infinity.
Json NumberOrNull(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json();
}

Json EstimateJson(const Estimate& estimate) {
  Json json = {{"value", estimate.value}, {"low", Json()}, {"high", Json()}};
  if (estimate.interval) {
    json["low"] = estimate.interval->low;
    json["high"] = estimate.interval->high;
  }
  return json;
}

Json EstimateJson(const std::optional<Estimate>& estimate) {
  return estimate ? EstimateJson(*estimate) : Json();
}

}  // namespace

std::string Evaluation::ToJson() const {
  const auto class_name = [&](int32_t index) { return classes[static_cast<size_t>(index)]; };
  Json by_class = Json::array();
  for (size_t i = 0; i < scores.size(); ++i) {
    by_class.push_back({{"label", classes[i]},
                        {"rows", scores[i].given},
                        {"predicted", scores[i].predicted},
                        {"right", scores[i].right},
                        {"precision", scores[i].precision},
                        {"recall", scores[i].recall},
                        {"f1", scores[i].f1}});
  }
  Json pairs = Json::array();
  for (const ClassPair& pair : confusions) {
    pairs.push_back({{"given", class_name(pair.given)},
                     {"predicted", class_name(pair.predicted)},
                     {"rows", pair.rows}});
  }
  const Json json = {
      {"name", name},
      {"rows", rows},
      {"unknown_rows", unknown_rows},
      {"groups", groups},
      {"draws", draws},
      {"accuracy", EstimateJson(accuracy)},
      {"macro_f1", EstimateJson(macro_f1)},
      {"balanced_accuracy", EstimateJson(balanced_accuracy)},
      {"calibration_error", EstimateJson(calibration_error)},
      {"log_loss", log_loss},
      {"conformal",
       {{"level", conformal_level},
        {"quantile", NumberOrNull(conformal_quantile)},
        {"coverage", EstimateJson(coverage)},
        {"mean_set_size", NumberOrNull(mean_set_size)},
        {"empty_sets", NumberOrNull(empty_sets)}}},
      {"unknown",
       {{"auroc", EstimateJson(unknown_auroc)}, {"fpr_at_95", NumberOrNull(unknown_fpr_at_95)}}},
      {"classes", std::move(by_class)},
      {"confusions", std::move(pairs)},
      {"remarks", remarks}};
  return JsonDocument(json);
}

}  // namespace pomona
