#include "pomona/linalg/near_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <vector>

namespace pomona {
namespace {

using testing::Each;
using testing::ElementsAre;

std::vector<int32_t> GroupsOf(const std::vector<float>& values, int64_t dim, double most,
                              int threads = 2) {
  const Rows rows = {
      .values = values.data(), .count = static_cast<int64_t>(values.size()) / dim, .dim = dim};
  return FindNearGroups(rows, most, threads, arrow::StopToken::Unstoppable()).ValueOrDie();
}

TEST(FindNearGroups, JoinsAChainWhoseEndsAreFarApart) {
  std::vector<float> rows;
  for (const double angle : {0.0, 0.1, 2.0, 0.2, 0.3, 2.05}) {
    rows.push_back(static_cast<float>(std::cos(angle)));
    rows.push_back(static_cast<float>(std::sin(angle)));
  }
  EXPECT_THAT(GroupsOf(rows, 2, 0.0051), ElementsAre(0, 0, 2, 0, 0, 2));
  EXPECT_THAT(GroupsOf(rows, 2, 0.001), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(FindNearGroups, TakesEqualRowsTogetherThoseOfZerosToo) {
  EXPECT_THAT(GroupsOf({1, 0, 0, 0, 2, 0, 0, 0}, 2, 0), ElementsAre(0, 1, 0, 1));
}

TEST(FindNearGroups, OfOnePictureManyTimesKeepsNoPairs) {
  EXPECT_THAT(GroupsOf(std::vector<float>(15'000, 0.5F), 3, 0.01), Each(0));
}

TEST(FindNearGroups, AreTheSameForAnyThreads) {
  constexpr int64_t kRows = 3000, kDim = 12;
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> rows(kRows * kDim);
  for (float& value : rows) value = normal(random);
  const auto groups = GroupsOf(rows, kDim, 0.12, 1);
  // Some are joined, and not all.
  const std::set<int32_t> distinct(groups.begin(), groups.end());
  EXPECT_GT(distinct.size(), 10U);
  EXPECT_LT(distinct.size(), 2990U);
  EXPECT_EQ(GroupsOf(rows, kDim, 0.12, 5), groups);
  for (size_t i = 0; i < groups.size(); ++i) {
    EXPECT_LE(groups[i], static_cast<int32_t>(i));
    EXPECT_EQ(groups[static_cast<size_t>(groups[i])], groups[i]);
  }
}

}  // namespace
}  // namespace pomona
