#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/run.h"

namespace pomona {

/// What the metrics of a run say at one instant.
struct MetricsSnapshot {
  RunProgress progress;
  double start_timestamp = 0;          ///< seconds since 1970
  double last_progress_timestamp = 0;  ///< when a row or a part was last added; at first the start
  int64_t peak_memory_bytes = 0;
  bool finished = false;
  bool failed = false;
  std::string run;  ///< label of every metric; empty: none
};

/// Prometheus's names for it: base units, counters end in `_total`. A metric that is not known yet
/// is left out. All reasons and stages are there from the start, at 0, so that a rate sees their
/// first increase. Label values are made UTF-8.
std::vector<prometheus::MetricFamily> MetricFamilies(const MetricsSnapshot& snapshot);

}  // namespace pomona
