#include "pomona/base/kept_threads.h"

#include <gtest/gtest.h>

#include <latch>
#include <semaphore>
#include <set>
#include <thread>

namespace pomona {
namespace {

TEST(KeptThreads, WorkAfterWorkIsDoneByTheSameThread) {
  KeptThreads threads;
  std::set<std::thread::id> seen;
  for (int i = 0; i < 100; ++i) {
    std::binary_semaphore ended(0);
    const auto status =
        threads.Run([&] { seen.insert(std::this_thread::get_id()); }, [&] { ended.release(); });
    ASSERT_TRUE(status.ok()) << status;
    ended.acquire();
  }
  EXPECT_EQ(seen.size(), 1u);
}

TEST(KeptThreads, WorkThatWaitsHoldsUpNoOther) {
  constexpr int kTogether = 8;
  KeptThreads threads;
  std::latch all_are_here(kTogether);
  std::latch ended(kTogether);
  for (int i = 0; i < kTogether; ++i) {
    ASSERT_TRUE(
        threads.Run([&] { all_are_here.arrive_and_wait(); }, [&] { ended.count_down(); }).ok());
  }
  ended.wait();
}

TEST(KeptThreads, TheEndWaitsForTheWorkUnderWay) {
  bool done = false;
  {
    KeptThreads threads;
    ASSERT_TRUE(threads.Run([&] { std::this_thread::yield(); }, [&] { done = true; }).ok());
  }
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace pomona
