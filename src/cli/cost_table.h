#pragma once

#include "pomona/cost.h"

namespace pomona::cli {

/// The plan for people. `explain`: how each time and cost is made up.
void PrintCost(const CostPlan& plan, bool explain);

}  // namespace pomona::cli
