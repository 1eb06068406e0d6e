
#include "pomona/base/json.h"
#include "pomona/pca_run.h"
#include "pomona/shown_text.h"

namespace pomona {

std::string PcaRunReport::ToJson() const {
  Json json = {{"pomona", version},
               {"features", ShownUri(features)},
               {"output", ShownUri(output)},
               {"rows", rows},
               {"skipped", skipped},
               {"parts", parts},
               {"finished_before", finished_before}};
  if (model) {
    Json cumulative = Json::array();
    double sum = 0;
    for (const double share : model->ratio()) cumulative.push_back(sum += share);
    Json k_for = Json::object();
    for (const char* share : {"0.75", "0.90", "0.95", "0.99"}) {
      k_for[share] = model->ComponentsFor(std::stod(share));
    }
    json["dim"] = model->dim();
    json["k"] = model->k();
    json["fitted_rows"] = model->rows();
    json["center"] = model->center();
    json["standardize"] = model->standardize();
    json["k_for"] = std::move(k_for);
    json["scree"] = {{"variance", Json(model->variance())},
                     {"ratio", Json(model->ratio())},
                     {"cumulative", std::move(cumulative)}};
  }
  json["seconds"] = {{"statistics", statistics_seconds},
                     {"solve", solve_seconds},
                     {"project", project_seconds},
                     {"all", seconds}};
  json["cores"] = cores;
  json["peak_memory_bytes"] = peak_memory_bytes;
  // A path on a local disk need not be UTF-8; JSON must be.
  return JsonDocument(json);
}

}  // namespace pomona
