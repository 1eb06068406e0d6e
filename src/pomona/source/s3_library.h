#pragma once

#include <arrow/status.h>

namespace pomona {

/// Starts the AWS SDK inside Arrow, once, silent, and arranges that it is ended before the
/// process is: without that it may crash there. Thread-safe. Cost: some milliseconds, the
/// first time.
arrow::Status EnsureS3Library();

}  // namespace pomona
