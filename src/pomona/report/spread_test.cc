#include "pomona/report/spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace pomona {
namespace {

TEST(SpreadOrderTest, HasEachPlaceOnce) {
  for (const int64_t count : {0, 1, 2, 3, 7, 8, 9, 1000}) {
    std::vector<int64_t> order = SpreadOrder(count);
    std::ranges::sort(order);
    std::vector<int64_t> all(static_cast<size_t>(count));
    std::iota(all.begin(), all.end(), int64_t{0});
    EXPECT_EQ(order, all);
  }
}

TEST(SpreadOrderTest, EachBeginningLiesEvenlyAmongAll) {
  const std::vector<int64_t> order = SpreadOrder(1'000);
  for (const size_t taken : {4, 10, 100}) {
    std::vector<int64_t> first(order.begin(), order.begin() + static_cast<int64_t>(taken));
    first.push_back(1'000);
    std::ranges::sort(first);
    int64_t before = 0, widest = 0;
    for (const int64_t at : first) {
      widest = std::max(widest, at - before);
      before = at;
    }
    EXPECT_LE(widest, 3 * 1'000 / static_cast<int64_t>(taken)) << taken;
  }
}

TEST(EvenByLabelTest, TakesOneOfEachLabelInTurnAndThenWhatIsLeft) {
  const std::vector<int32_t> label = {0, 0, 0, 0, 1, -1, 0, 1};
  const std::vector<int64_t> order = EvenByLabel(label);
  ASSERT_EQ(order.size(), label.size());
  std::vector<int32_t> taken;
  for (const int64_t row : order) taken.push_back(label[static_cast<size_t>(row)]);
  EXPECT_EQ(taken, (std::vector<int32_t>{-1, 0, 1, 0, 1, 0, 0, 0}));
  std::vector<int64_t> sorted = order;
  std::ranges::sort(sorted);
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
}

}  // namespace
}  // namespace pomona
