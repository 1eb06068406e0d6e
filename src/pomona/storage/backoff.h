#pragma once

#include <chrono>

#include "pomona/storage.h"

namespace pomona {

/// The delay after `failed` tries (>= 1): random in [0, min(backoff_cap, backoff_base * 2^failed)],
/// so that clients that failed together do not come back together. Thread-safe.
std::chrono::milliseconds BackoffDelay(const StorageOptions& storage, int failed);

}  // namespace pomona
