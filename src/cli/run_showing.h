#pragma once

#include <arrow/result.h>

#include "pomona/metrics.h"
#include "pomona/run.h"

namespace pomona::cli {

/// Runs with the progress display on stderr, unless `quiet`, and with the metrics that are wanted;
/// Ctrl-C and SIGTERM stop it. Call once per process.
arrow::Result<RunReport> RunShowing(RunOptions options, bool quiet,
                                    const MetricsOptions& metrics = {});

}  // namespace pomona::cli
