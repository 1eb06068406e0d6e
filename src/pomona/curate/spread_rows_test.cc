#include "pomona/curate/spread_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace pomona {
namespace {

using testing::ElementsAre;

Rows Of(const std::vector<float>& values, int64_t dim) {
  return {.values = values.data(), .count = static_cast<int64_t>(values.size()) / dim, .dim = dim};
}

SpreadRows SpreadOf(const std::vector<float>& rows, const std::vector<double>& weight,
                    const std::vector<float>& known, int64_t most, int threads = 1,
                    int64_t dim = 2) {
  return Spread(Of(rows, dim), weight, Of(known, dim), most, threads,
                arrow::StopToken::Unstoppable())
      .ValueOrDie();
}

TEST(Spread, TakesTheFarthestFirst) {
  const std::vector<float> rows = {1, 0, 2, 0.1F, 0, 1, -3, 0};
  const auto found = SpreadOf(rows, {1, 1, 1, 1}, {}, 4);
  EXPECT_THAT(found.rows, ElementsAre(0, 3, 2, 1));
  EXPECT_FALSE(found.distance[0].has_value());
  EXPECT_DOUBLE_EQ(*found.distance[1], 2);
  EXPECT_DOUBLE_EQ(*found.distance[2], 1);
}

TEST(Spread, StartsFromWhatIsKnown) {
  const std::vector<float> rows = {1, 0, 0, 1};
  const auto found = SpreadOf(rows, {1, 1}, {1, 0}, 1);
  EXPECT_THAT(found.rows, ElementsAre(1));
  EXPECT_DOUBLE_EQ(*found.distance[0], 1);
}

TEST(Spread, WeighsDistances) {
  const std::vector<float> rows = {1, 0, 0, 1, -1, 0};
  EXPECT_THAT(SpreadOf(rows, {0.5, 0.9, 0.1}, {1, 0}, 2).rows, ElementsAre(1, 2));
  EXPECT_THAT(SpreadOf(rows, {0.2, 0.1, 0.3}, {}, 1).rows, ElementsAre(2));
}

TEST(Spread, TakesEqualRowsInTheirOrderAndNoneTwice) {
  const std::vector<float> rows = {1, 0, 1, 0, 1, 0, 0, 0};
  EXPECT_THAT(SpreadOf(rows, {1, 1, 1, 1}, {}, 9).rows, ElementsAre(0, 3, 1, 2));
}

TEST(Spread, IsTheSameForAnyNumberOfThreads) {
  constexpr int kRows = 5000;
  std::vector<float> rows;
  std::vector<double> weight;
  uint32_t state = 7;
  const auto next = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<float>(state >> 8) / static_cast<float>(1 << 24) - 0.5F;
  };
  for (int i = 0; i < kRows; ++i) {
    for (int d = 0; d < 3; ++d) rows.push_back(next());
    weight.push_back(next() + 0.5F);
  }
  const auto one = SpreadOf(rows, weight, {1, 0, 0}, 40, 1, 3);
  const auto four = SpreadOf(rows, weight, {1, 0, 0}, 40, 4, 3);
  EXPECT_EQ(one.rows, four.rows);
  EXPECT_EQ(one.distance, four.distance);
}

TEST(Spread, CanBeStopped) {
  const std::vector<float> rows = {1, 0, 0, 1};
  arrow::StopSource stop;
  stop.RequestStop();
  const std::vector<double> weight = {1, 1};
  EXPECT_TRUE(Spread(Of(rows, 2), weight, {}, 1, 1, stop.token()).status().IsCancelled());
}

}  // namespace
}  // namespace pomona
