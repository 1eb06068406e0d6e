#include "pomona/extract/fetch_window.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace pomona {
namespace {

/// Enters on another thread, which shows whether Enter blocks.
class Visitor {
 public:
  Visitor(FetchWindow& window, int64_t size)
      : thread_([this, &window, size] {
          entered_ = window.Enter(size);
          done_ = true;
        }) {}
  ~Visitor() { thread_.join(); }
  bool done() const { return done_; }
  bool entered() const { return entered_; }
  void Await() {
    while (!done_) std::this_thread::yield();
  }

 private:
  std::atomic<bool> entered_{false};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

// Long enough for a thread that does not block to be through.
void LetOthersRun() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

TEST(FetchWindowTest, HoldsBackMoreReadsThanAllowed) {
  FetchWindow window(2, 1000);
  EXPECT_TRUE(window.Enter(1));
  EXPECT_TRUE(window.Enter(1));
  Visitor third(window, 1);
  LetOthersRun();
  EXPECT_FALSE(third.done());
  window.Fetched(1, 1);
  third.Await();
  EXPECT_TRUE(third.entered());
}

TEST(FetchWindowTest, HoldsBackMoreBytesThanAllowedUntilTheyAreDecoded) {
  FetchWindow window(10, 100);
  EXPECT_TRUE(window.Enter(60));
  Visitor second(window, 60);
  window.Fetched(60, 60);  // its bytes still wait for a decoder
  LetOthersRun();
  EXPECT_FALSE(second.done());
  window.Decoded(60);
  second.Await();
  EXPECT_TRUE(second.entered());
}

TEST(FetchWindowTest, LetsOneReadLargerThanTheWindowPassAlone) {
  FetchWindow window(10, 100);
  EXPECT_TRUE(window.Enter(1'000'000));
  Visitor next(window, 1);
  LetOthersRun();
  EXPECT_FALSE(next.done());
  window.Fetched(1'000'000, 1'000'000);
  window.Decoded(1'000'000);
  next.Await();
  EXPECT_TRUE(next.entered());
}

TEST(FetchWindowTest, ReadsOfUnknownSizeCountWithTheirShareUntilTheyAreThere) {
  FetchWindow window(4, 100);
  EXPECT_EQ(window.share(), 25);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(window.Enter(window.share()));
  Visitor large(window, 90);
  for (int i = 0; i < 2; ++i) window.Fetched(window.share(), 1);
  LetOthersRun();
  EXPECT_FALSE(large.done());  // 25 + 1 + 1 + 90
  window.Fetched(window.share(), 8);
  large.Await();  // 8 + 1 + 1 + 90
  Visitor next(window, 1);
  LetOthersRun();
  EXPECT_FALSE(next.done());
  window.Decoded(8);
  window.Fetched(90, 0);
  next.Await();
  EXPECT_TRUE(next.entered());
}

TEST(FetchWindowTest, CloseWakesWhoWaits) {
  FetchWindow window(1, 100);
  EXPECT_TRUE(window.Enter(1));
  Visitor second(window, 1);
  window.Close();
  second.Await();
  EXPECT_FALSE(second.entered());
  EXPECT_FALSE(window.Enter(1));
}

// Waiters are woken in batches: none may be forgotten, whatever the sizes.
TEST(FetchWindowTest, EveryReadGetsThroughInTheEnd) {
  for (const int fetches : {1, 2, 3, 4, 64}) {
    FetchWindow window(fetches, 100);
    std::atomic<int> waiting{0};
    std::thread reader([&] {
      for (int done = 0; done < 2000; ++done) {
        while (waiting == 0) std::this_thread::yield();
        --waiting;
        window.Fetched(done % 150, done % 150);
        window.Decoded(done % 150);
      }
    });
    for (int i = 0; i < 2000; ++i) {
      ASSERT_TRUE(window.Enter(i % 150));
      ++waiting;
    }
    reader.join();
  }
}

}  // namespace
}  // namespace pomona
