#include "pomona/extract/decode_workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <semaphore>
#include <set>
#include <string>
#include <vector>

namespace pomona {
namespace {

using testing::ElementsAre;

std::unique_ptr<DecodeWorkers> Start(int threads) {
  ImageOptions options;
  options.width = options.height = 8;
  return DecodeWorkers::Start(threads, options).ValueOrDie();
}

/// Work in a lane that takes up a worker until it is let go.
class Blocker {
 public:
  explicit Blocker(DecodeWorkers::Lane& lane) {
    lane.Push([this](ImageReader&) {
      began_.release();
      go_.acquire();
    });
    began_.acquire();
  }
  void LetGo() { go_.release(); }

 private:
  std::binary_semaphore began_{0};
  std::binary_semaphore go_{0};
};

TEST(DecodeWorkers, LanesTakeTurnsWhateverEachHasToDo) {
  const auto workers = Start(1);
  DecodeWorkers::Lane large(*workers);
  DecodeWorkers::Lane small(*workers);
  Blocker blocker(large);
  std::vector<std::string> order;
  std::latch all(5);
  const auto push = [&](DecodeWorkers::Lane& lane, const char* name) {
    lane.Push([&, name](ImageReader&) {
      order.emplace_back(name);
      all.count_down();
    });
  };
  for (const char* name : {"large 1", "large 2", "large 3"}) push(large, name);
  for (const char* name : {"small 1", "small 2"}) push(small, name);
  blocker.LetGo();
  all.wait();
  EXPECT_THAT(order, ElementsAre("small 1", "large 1", "small 2", "large 2", "large 3"));
}

TEST(DecodeWorkers, ALaneThatClosesDropsItsWorkAndWaitsForNoOther) {
  const auto workers = Start(1);
  DecodeWorkers::Lane busy(*workers);
  Blocker blocker(busy);
  bool done = false;
  {
    DecodeWorkers::Lane given_up(*workers);
    given_up.Push([&](ImageReader&) { done = true; });
    given_up.Close();
  }
  blocker.LetGo();
  busy.Close();
  EXPECT_FALSE(done);
}

TEST(DecodeWorkers, ALaneThatClosesWaitsForItsWorkUnderWay) {
  const auto workers = Start(2);
  for (int i = 0; i < 200; ++i) {
    std::atomic<bool> under_way = false;
    DecodeWorkers::Lane lane(*workers);
    std::binary_semaphore began(0);
    lane.Push([&](ImageReader&) {
      under_way = true;
      began.release();
      under_way = false;
    });
    began.acquire();
    lane.Close();
    ASSERT_FALSE(under_way);
  }
}

TEST(DecodeWorkers, AThreadHasOneReaderForAllLanes) {
  const auto workers = Start(1);
  std::set<ImageReader*> readers;
  for (int i = 0; i < 3; ++i) {
    std::latch done(1);
    DecodeWorkers::Lane lane(*workers);
    lane.Push([&](ImageReader& reader) {
      readers.insert(&reader);
      done.count_down();
    });
    done.wait();
  }
  EXPECT_EQ(readers.size(), 1u);
  EXPECT_EQ(workers->count(), 1);
}

}  // namespace
}  // namespace pomona
