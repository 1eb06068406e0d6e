#include "pomona/base/json.h"
#include "pomona/shown_text.h"
#include "pomona/suggest.h"

namespace pomona {

std::string SuggestReport::ToJson() const {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  const auto number = [](const std::optional<double>& one) { return one ? Json(*one) : Json(); };
  Json rows_told = Json::array();
  for (const SuggestedRow& one : suggested) {
    rows_told.push_back({{"row", one.row},
                         {"path", ShownUri(one.path)},
                         {"uncertainty", number(one.uncertainty)},
                         {"predicted_label", or_null(one.predicted_label)},
                         {"distance", number(one.distance)}});
  }
  return JsonDocument({{"pomona", version},
                       {"features", ShownUri(features)},
                       {"classifier", or_null(ShownUri(classifier))},
                       {"output", or_null(ShownUri(output))},
                       {"rows", rows},
                       {"skipped", skipped},
                       {"dim", dim},
                       {"candidates", candidates},
                       {"labelled", labelled},
                       {"known", known},
                       {"budget", budget},
                       {"suggested", std::move(rows_told)},
                       {"remarks", remarks},
                       {"cores", cores},
                       {"seconds", seconds},
                       {"peak_memory_bytes", peak_memory_bytes}});
}

}  // namespace pomona
