
#include <algorithm>

#include "pomona/base/json.h"
#include "pomona/run.h"
#include "pomona/run/bottleneck.h"
#include "pomona/run/not_taken_json.h"
#include "pomona/shown_text.h"

namespace pomona {

int64_t RunReport::reject_count() const {
  int64_t count = 0;
  for (const auto& [reason, rejected] : rejects) count += rejected;
  return count;
}

std::vector<std::string> RunReport::Remarks() const {
  constexpr size_t kMostNames = 20;
  std::vector<std::string> remarks = listing.Remarks();
  if (!preset.empty()) remarks.push_back(preset);
  if (!promise.empty()) remarks.push_back(promise);
  for (size_t i = 0; i < std::min(lost.size(), kMostNames); ++i) {
    remarks.push_back("lost: " + lost[i]);
  }
  if (lost.size() > kMostNames) {
    remarks.push_back("lost: " + std::to_string(lost.size() - kMostNames) +
                      " more, which the report names");
  }
  return remarks;
}

double RunReport::images_per_second() const {
  return extract_seconds > 0 ? static_cast<double>(images + reject_count()) / extract_seconds : 0;
}

double RunReport::cost_per_million() const {
  const double rate = images_per_second();
  return rate > 0 ? price_per_hour / 3600 / rate * 1e6 : 0;
}

std::map<std::string, double> RunReport::busy() const {
  return BusyShares(counters, write_seconds, extract_seconds);
}

std::string RunReport::ToJson() const {
  Json json = {
      {"pomona", version},
      {"source", ShownUri(source)},
      {"output", ShownUri(output)},
      {"model",
       {{"name", model},
        {"digest", model_digest},
        {"features", features},
        {"features_origin", features_origin},
        {"features_layout", features_layout.empty() ? Json(nullptr) : Json(features_layout)},
        {"feature_dim", feature_dim},
        {"precision", precision},
        {"width", width},
        {"height", height},
        {"views", views.empty() ? Json(nullptr) : Json(views)}}},
      {"references", references},
      {"not_taken", NotTakenJson(listing)},
      {"unlabelled", listing.unlabelled},
      {"remarks", Remarks()},
      {"rows", rows},
      {"images", images},
      {"unchanged", unchanged},
      {"dropped", dropped},
      {"repaired", repaired},
      {"lost", lost},
      {"rejects", Json(rejects)},
      {"counts", Json(counts)},
      {"parts", parts},
      {"parts_written", parts_written},
      {"bytes", counters.bytes},
      {"requests", counters.requests},
      {"retries", counters.retries},
      {"seconds", seconds},
      {"extract_seconds", extract_seconds},
      {"images_per_second", images_per_second()},
      {"images_per_second_per_core", cores > 0 ? images_per_second() / cores : 0},
      {"cores", cores},
      {"busy", Json(busy())},
      {"bottleneck", bottleneck},
      {"peak_memory_bytes", peak_memory_bytes},
  };
  if (price_per_hour > 0) {
    json["price_per_hour"] = price_per_hour;
    json["cost_per_million_images"] = cost_per_million();
  }
  // A name of a model need not be UTF-8; JSON must be.
  return JsonDocument(json);
}

}  // namespace pomona
