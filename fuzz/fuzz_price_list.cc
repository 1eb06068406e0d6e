// Whatever lies in a price list is refused as damaged or read; what is read has no cost that is
// infinite.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pomona/cost.h"
#include "pomona/error_kind.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto prices = pomona::ParsePriceList(text, "prices");
  if (!prices.ok()) {
    if (pomona::KindOf(prices.status()) != pomona::ErrorKind::kData) std::abort();
    return 0;
  }
  pomona::Workload workload;
  workload.images = 1'000'000'000;
  workload.bytes = int64_t{1} << 50;
  pomona::CoreSpeed speed;
  speed.images_per_second = 1;
  speed.feature_dim = 1280;
  pomona::CostOptions options;
  options.workers = {1, 3};
  const auto plan = pomona::PlanCost(options, workload, speed, *prices);
  if (!plan.ok()) return 0;
  for (const auto& option : plan->options) {
    if (!std::isfinite(option.cost.total()) || !std::isfinite(option.seconds())) std::abort();
  }
  return 0;
}
