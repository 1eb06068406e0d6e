#include <utility>

#include "pomona/base/json.h"
#include "pomona/cost.h"

namespace pomona {
namespace {

Json JsonOf(const CostOption& option) {
  Json json = {
      {"instance", option.instance},
      {"workers", option.workers},
      {"cluster", option.cluster},
      {"market", option.spot ? "spot" : "on-demand"},
      {"seconds", option.seconds()},
      {"startup_seconds", option.startup_seconds},
      {"work_seconds", option.work_seconds},
      {"bottleneck", option.phases.bottleneck()},
      {"phases",
       {{"cores", option.phases.cores},
        {"requests", option.phases.requests},
        {"listing", option.phases.listing},
        {"network", option.phases.network}}},
      {"cost", option.cost.total()},
      {"cost_per_million_images", option.cost_per_million},
      {"cost_items",
       {{"instances", option.cost.instances},
        {"emr", option.cost.emr},
        {"disks", option.cost.disks},
        {"requests", option.cost.requests},
        {"storage", option.cost.storage}}},
      {"unbeaten", option.unbeaten},
  };
  if (option.simulated) {
    json["spot"] = {{"seconds_p95", option.simulated->seconds_p95},
                    {"cost_p95", option.simulated->cost_p95},
                    {"interruptions", option.simulated->interruptions},
                    {"lost_images", option.simulated->lost_images}};
  }
  return json;
}

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string CostPlan::ToJson() const {
  Json list = Json::array();
  for (const CostOption& option : options) list.push_back(JsonOf(option));
  const auto chosen = [&](const std::optional<size_t>& index) {
    return index ? list[*index] : Json(nullptr);
  };
  const Json json = {
      {"prices",
       {{"date", prices.date},
        {"region", prices.region},
        {"currency", prices.currency},
        {"example", prices.example},
        {"source", prices.source}}},
      {"images", workload.images},
      {"bytes", workload.bytes},
      {"prefixes", workload.prefixes},
      {"speed",
       {{"images_per_second_per_core", speed.images_per_second},
        {"feature_dim", speed.feature_dim},
        {"precision", speed.precision},
        {"source", speed.source}}},
      {"spot",
       {{"interruptions_per_hour", interruptions_per_hour},
        {"seed", seed},
        {"simulated_runs", simulated_runs}}},
      {"deadline_seconds", OrNull(deadline_seconds)},
      {"budget", OrNull(budget)},
      {"cheapest", chosen(cheapest)},
      {"fastest", chosen(fastest)},
      {"options", list},
      {"notes", notes},
  };
  // A report's path need not be UTF-8; JSON must be.
  return JsonDocument(json);
}

}  // namespace pomona
