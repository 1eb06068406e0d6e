#pragma once

#include <arrow/status.h>

namespace pomona {

/// The bound of any option that is a number of threads. More are of no use to anybody, and a
/// machine may not be able to start them.
inline constexpr int kMostThreads = 1024;

/// Invalid, naming the field, unless `threads` is 0 (all cores) to kMostThreads.
arrow::Status CheckThreads(int threads);

/// Cores that this process may use: its affinity mask, and its control group's CPU quota
/// rounded up. At least 1.
int AvailableCores();

}  // namespace pomona
