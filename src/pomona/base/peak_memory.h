#pragma once

#include <cstdint>

namespace pomona {

/// Largest resident memory of this process so far, in bytes.
int64_t PeakMemoryBytes();

}  // namespace pomona
