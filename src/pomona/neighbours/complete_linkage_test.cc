#include "pomona/neighbours/complete_linkage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace pomona {
namespace {

using testing::ElementsAre;

TEST(CompleteLinkage, LeavesAChainUnjoined) {
  // 0 - 1 - 2 - 3, each a little nearer to the next: only neighbours are pairs.
  EXPECT_THAT(CompleteLinkage(4, {{0, 1, 0.3}, {1, 2, 0.1}, {2, 3, 0.2}}), ElementsAre(0, 1, 1, 3));
}

TEST(CompleteLinkage, JoinsSetsWhoseFarthestItemsAreNearest) {
  EXPECT_THAT(CompleteLinkage(5, {{0, 1, 0.1}, {0, 2, 0.4}, {1, 2, 0.2}, {2, 3, 0.3}, {3, 4, 0.5}}),
              ElementsAre(0, 0, 2, 2, 4));
}

TEST(CompleteLinkage, OfEqualDistancesTakesTheLowestFirst) {
  EXPECT_THAT(CompleteLinkage(3, {{1, 2, 0.1}, {0, 1, 0.1}}), ElementsAre(0, 0, 2));
}

TEST(CompleteLinkage, JoinsNoTwoThatAreNoPair) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> where;
  std::vector<double> at(300);
  for (double& place : at) place = where(random);
  std::vector<NearPair> pairs;
  for (int32_t a = 0; a < 300; ++a) {
    for (int32_t b = a + 1; b < 300; ++b) {
      const double distance = std::abs(at[static_cast<size_t>(a)] - at[static_cast<size_t>(b)]);
      if (distance <= 0.02) pairs.push_back({a, b, distance});
    }
  }
  const auto set = CompleteLinkage(300, pairs);
  double widest = 0;
  for (size_t a = 0; a < 300; ++a) {
    EXPECT_LE(set[a], static_cast<int32_t>(a));
    for (size_t b = 0; b < a; ++b) {
      if (set[a] == set[b]) widest = std::max(widest, std::abs(at[a] - at[b]));
    }
  }
  EXPECT_GT(widest, 0);
  EXPECT_LE(widest, 0.02);
}

}  // namespace
}  // namespace pomona
