#pragma once

#include <arrow/result.h>

#include "pomona/run.h"

namespace pomona::cli {

/// Runs with the progress display on stderr, unless `quiet`; Ctrl-C and SIGTERM stop it.
/// Call once per process.
arrow::Result<RunReport> RunShowing(RunOptions options, bool quiet);

}  // namespace pomona::cli
