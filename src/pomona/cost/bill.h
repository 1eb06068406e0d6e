#pragma once

#include "pomona/cost/work_phases.h"

namespace pomona {

/// Time that machines are charged for.
struct BilledTime {
  double worker_seconds = 0;   ///< summed over all workers
  double primary_seconds = 0;  ///< of a cluster's primary node
};

/// All machines run from the beginning to the end.
BilledTime WholeTime(const Fleet& fleet, double seconds, const BillingRule& rule);

CostItems BillOf(const Fleet& fleet, const BilledTime& time, const Workload& workload,
                 int feature_dim, const PriceList& prices);

}  // namespace pomona
