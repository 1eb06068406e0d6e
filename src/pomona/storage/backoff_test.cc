#include "pomona/storage/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pomona {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, delay_is_spread_below_a_limit_that_doubles_up_to_the_cap) {
  StorageOptions storage;
  storage.backoff_base = milliseconds(100);
  storage.backoff_cap = milliseconds(1000);
  for (const auto& [failed, limit] :
       {std::pair{1, 200}, {2, 400}, {3, 800}, {4, 1000}, {60, 1000}}) {
    milliseconds least = milliseconds::max(), most{0};
    for (int i = 0; i < 2000; ++i) {
      const milliseconds delay = BackoffDelay(storage, failed);
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    EXPECT_GE(least.count(), 0);
    EXPECT_LT(least.count(), limit / 4);
    EXPECT_GT(most.count(), limit * 3 / 4);
    EXPECT_LE(most.count(), limit);
  }
}

TEST(Backoff, no_delay_is_possible) {
  StorageOptions storage;
  storage.backoff_base = storage.backoff_cap = milliseconds(0);
  EXPECT_EQ(BackoffDelay(storage, 5), milliseconds(0));
}

}  // namespace
}  // namespace pomona
