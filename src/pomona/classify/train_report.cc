#include <utility>

#include "pomona/base/json.h"
#include "pomona/shown_text.h"
#include "pomona/train.h"

namespace pomona {

std::string TrainReport::ToJson() const {
  Json json = {{"pomona", version},
               {"features", ShownUri(features)},
               {"output", ShownUri(output)},
               {"target", target.empty() ? Json() : Json(target)},
               {"rows", rows},
               {"views", views},
               {"like", like},
               {"validation", validation},
               {"validation_left_out", validation_left_out},
               {"calibration", calibration},
               {"left_out", left_out},
               {"folds", folds},
               {"honest_folds", honest_folds},
               {"slices", slices},
               {"features_used", features_used},
               {"shrinkage", shrinkage},
               {"principal_axes", principal_axes},
               {"prototypes", prototypes}};
  const auto number = [&](const char* name, const std::optional<double>& value) {
    json[name] = value ? Json(*value) : Json();
  };
  number("penalty", penalty);
  number("discriminant_accuracy", discriminant_accuracy);
  number("logistic_accuracy", logistic_accuracy);
  if (evaluation) json["evaluation"] = ParseJson(evaluation->ToJson()).ValueOrDie();
  if (classifier) {
    json["method"] = LearnMethodName(classifier->method());
    json["score"] = ScoreKindName(classifier->score_kind());
    json["dim"] = classifier->dim();
    json["classes"] = classifier->classes();
    json["rank"] = classifier->rank();
    json["temperature"] = classifier->temperature();
    json["doubt"] = classifier->doubt();
    json["set_quantile"] = classifier->set_quantile();
    json["unknown_threshold"] = classifier->unknown_threshold();
  }
  json["remarks"] = remarks;
  json["seconds"] = seconds;
  json["peak_memory_bytes"] = peak_memory_bytes;
  return JsonDocument(json);
}

std::string TrainReportsJson(const std::vector<TrainReport>& reports) {
  if (reports.size() == 1) return reports.front().ToJson();
  Json targets = Json::array();
  for (const TrainReport& one : reports) {
    targets.push_back(ParseJson(one.ToJson()).ValueOrDie());
    for (const char* shared : {"pomona", "features", "output"}) targets.back().erase(shared);
  }
  const TrainReport& first = reports.front();
  return JsonDocument({{"pomona", first.version},
                       {"features", ShownUri(first.features)},
                       {"output", ShownUri(first.output)},
                       {"targets", std::move(targets)}});
}

}  // namespace pomona
