#pragma once

#include <arrow/result.h>

#include <functional>

#include "pomona/metrics.h"
#include "pomona/run.h"

namespace pomona::cli {

/// Runs with the progress display on stderr, unless `quiet`, and with the metrics that are wanted;
/// Ctrl-C and SIGTERM stop it. Call once per process. `run`: what does it.
arrow::Result<RunReport> RunShowing(
    RunOptions options, bool quiet, const MetricsOptions& metrics = {},
    const std::function<arrow::Result<RunReport>(const RunOptions&)>& run = Run);

}  // namespace pomona::cli
