#pragma once

#include <cstdint>
#include <optional>

#include "pomona/cost.h"
#include "pomona/cost/work_phases.h"

namespace pomona {

inline constexpr int kSimulatedRuns = 1000;

/// The option on Spot machines, from kSimulatedRuns runs; nullopt if one was given up.
std::optional<CostOption> SimulateSpot(const Fleet& fleet, const Workload& workload,
                                       const CoreSpeed& speed, const PriceList& prices,
                                       double interruptions_per_hour, uint64_t seed);

}  // namespace pomona
