#pragma once

#include <atomic>
#include <cstdint>

#include "pomona/source/source.h"

namespace pomona {

/// FetchCounters that many threads add to.
struct FetchCounts {
  std::atomic<int64_t> requests{0};
  std::atomic<int64_t> retries{0};
  std::atomic<int64_t> bytes{0};

  FetchCounters Read(int64_t busy_ns) const {
    return {requests.load(std::memory_order_relaxed), retries.load(std::memory_order_relaxed),
            bytes.load(std::memory_order_relaxed), busy_ns};
  }
};

}  // namespace pomona
