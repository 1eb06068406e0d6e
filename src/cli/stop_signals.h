#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

namespace pomona::cli {

/// A token that Ctrl-C and SIGTERM (a spot instance that goes away) stop. Call once.
arrow::Result<arrow::StopToken> StopOnSignals();

}  // namespace pomona::cli
