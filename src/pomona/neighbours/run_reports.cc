#include "pomona/base/json.h"
#include "pomona/duplicates.h"
#include "pomona/neighbors_run.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(ShownUri(text)); }

}  // namespace

std::string NeighborsRunReport::ToJson() const {
  Json asked = Json::array();
  for (size_t q = 0; q < shown.size(); ++q) {
    Json found = Json::array();
    for (const FoundNeighbor& neighbor : shown[q]) {
      found.push_back({{"id", neighbor.id},
                       {"distance", neighbor.distance},
                       {"path", OrNull(neighbor.path)},
                       {"label", neighbor.label.empty() ? Json() : Json(neighbor.label)}});
    }
    asked.push_back({{"path", OrNull(shown_queries[q])}, {"neighbors", std::move(found)}});
  }
  return JsonDocument(
      {{"pomona", version},
       {"features", ShownUri(features)},
       {"output", OrNull(output)},
       {"index", OrNull(index)},
       {"index_made", index_made},
       {"rows", rows},
       {"queries", queries},
       {"skipped", skipped},
       {"dim", dim},
       {"k", k},
       {"metric", metric},
       {"cores", cores},
       {"peak_memory_bytes", peak_memory_bytes},
       {"seconds", {{"read", read_seconds}, {"search", search_seconds}, {"all", seconds}}},
       {"shown", std::move(asked)}});
}

std::string DuplicatesRunReport::ToJson() const {
  Json sets_shown = Json::array();
  for (const ShownDuplicates& set : shown) {
    Json paths = Json::array();
    for (const std::string& path : set.paths) paths.push_back(ShownUri(path));
    sets_shown.push_back({{"set", set.set},
                          {"rows", set.rows},
                          {"across_labels", set.across_labels},
                          {"across_splits", set.across_splits},
                          {"paths", std::move(paths)}});
  }
  return JsonDocument(
      {{"pomona", version},
       {"features", ShownUri(features)},
       {"output", OrNull(output)},
       {"keep", OrNull(keep)},
       {"rows", rows},
       {"skipped", skipped},
       {"dim", dim},
       {"compared", compared},
       {"threshold", threshold},
       {"sets", sets},
       {"rows_in_sets", rows_in_sets},
       {"exact_sets", exact_sets},
       {"exact_rows", exact_rows},
       {"kept", kept},
       {"sets_across_labels", labels_known ? Json(sets_across_labels) : Json()},
       {"sets_across_splits", rows_with_split > 0 ? Json(sets_across_splits) : Json()},
       {"rows_with_split", rows_with_split},
       {"cores", cores},
       {"peak_memory_bytes", peak_memory_bytes},
       {"seconds", {{"read", read_seconds}, {"search", search_seconds}, {"all", seconds}}},
       {"shown", std::move(sets_shown)}});
}

}  // namespace pomona
