#include "pomona/storage/backoff.h"

#include <algorithm>
#include <cstdint>
#include <random>

namespace pomona {

std::chrono::milliseconds BackoffDelay(const StorageOptions& storage, int failed) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int64_t cap = storage.backoff_cap.count();
  int64_t most = std::min<int64_t>(storage.backoff_base.count(), cap);
  for (int i = 0; i < failed && most < cap; ++i) most = std::min(most * 2, cap);
  return std::chrono::milliseconds(std::uniform_int_distribution<int64_t>(0, most)(random));
}

}  // namespace pomona
