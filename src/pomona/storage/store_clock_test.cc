#include "pomona/storage/store_clock.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

StoreClock::Time At(milliseconds since_epoch) { return StoreClock::Time(since_epoch); }

TEST(StoreClock, knows_nothing_before_an_answer) { EXPECT_EQ(StoreClock().Now(), std::nullopt); }

TEST(StoreClock, is_never_ahead_of_the_store) {
  StoreClock clock;
  // Made at 1000.9 s, 0.2 s after it was asked for; it took 0.3 s to come.
  clock.Saw(1000, milliseconds(5'000), milliseconds(5'500));
  EXPECT_EQ(clock.Now(milliseconds(5'500)), At(milliseconds(1'000'000)));
  EXPECT_EQ(clock.Now(milliseconds(6'500)), At(milliseconds(1'001'000)));
}

TEST(StoreClock, gets_better_with_answers) {
  StoreClock clock;
  clock.Saw(1000, milliseconds(5'000), milliseconds(5'500));
  clock.Saw(1001, milliseconds(5'550), milliseconds(5'600));
  EXPECT_EQ(clock.Now(milliseconds(5'600)), At(milliseconds(1'001'000)));
  // This one says less: it was made late in its second.
  clock.Saw(1001, milliseconds(6'400), milliseconds(6'450));
  EXPECT_EQ(clock.Now(milliseconds(6'600)), At(milliseconds(1'002'000)));
}

TEST(StoreClock, follows_a_clock_that_was_set_back) {
  StoreClock clock;
  clock.Saw(2000, milliseconds(5'000), milliseconds(5'000));
  clock.Saw(1000, milliseconds(6'000), milliseconds(6'000));
  EXPECT_EQ(clock.Now(milliseconds(6'000)), At(milliseconds(1'000'000)));
}

TEST(StoreClock, goes_on_by_itself) {
  StoreClock clock;
  const auto now = StoreClock::Monotonic();
  clock.Saw(1000, now, now);
  const auto first = *clock.Now();
  EXPECT_GE(first, At(seconds(1000)));
  EXPECT_LT(first, At(seconds(1100)));
  while (*clock.Now() == first) {
  }
  EXPECT_GT(*clock.Now(), first);
}

}  // namespace
}  // namespace pomona
