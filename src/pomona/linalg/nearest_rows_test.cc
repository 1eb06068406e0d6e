#include "pomona/linalg/nearest_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>
#include <vector>

#include "pomona/linalg/near_pairs.h"

namespace pomona {
namespace {

const arrow::StopToken kNoStop = arrow::StopToken::Unstoppable();

struct Matrix {
  std::vector<float> values;
  Rows rows;

  Matrix(int64_t count, int64_t dim, unsigned seed, float shift = 0)
      : values(static_cast<size_t>(count * dim)), rows{values.data(), count, dim} {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    for (float& value : values) value = normal(random) + shift;
  }
  Matrix(const Matrix&) = delete;

  void Copy(int64_t from, int64_t to) {
    std::copy_n(rows.row(from), rows.dim, values.begin() + to * rows.dim);
  }
};

/// As it would be written without a thought of speed.
NearestRows BruteForce(const Rows& queries, const Rows& rows, int64_t k, RowMetric metric,
                       bool without_own) {
  NearestRows nearest{.k = k, .rows = {}, .distances = {}};
  for (int64_t q = 0; q < queries.count; ++q) {
    std::vector<std::pair<double, int64_t>> all;
    for (int64_t r = 0; r < rows.count; ++r) {
      if (without_own && r == q) continue;
      all.emplace_back(RowDistance(metric, queries.row(q), rows.row(r), rows.dim), r);
    }
    std::ranges::sort(all);
    for (int64_t n = 0; n < k; ++n) {
      nearest.rows.push_back(all[static_cast<size_t>(n)].second);
      nearest.distances.push_back(static_cast<float>(all[static_cast<size_t>(n)].first));
    }
  }
  return nearest;
}

class NearestRowsBy : public testing::TestWithParam<RowMetric> {};

INSTANTIATE_TEST_SUITE_P(Metrics, NearestRowsBy,
                         testing::Values(RowMetric::kCosine, RowMetric::kEuclidean));

TEST_P(NearestRowsBy, AreThoseOfBruteForceInDouble) {
  // More than a block of rows and of queries, features in more than one depth, ragged everywhere.
  for (const auto& [count, asked, dim, k] :
       std::vector<std::tuple<int64_t, int64_t, int64_t, int64_t>>{
           {1, 1, 1, 1}, {17, 3, 5, 17}, {300, 13, 257, 4}, {2100, 800, 40, 10}}) {
    const Matrix rows(count, dim, 1, 3);
    const Matrix queries(asked, dim, 2, 3);
    const auto expected = BruteForce(queries.rows, rows.rows, k, GetParam(), false);
    const auto nearest =
        FindNearestRows(queries.rows, rows.rows, k, GetParam(), 2, kNoStop).ValueOrDie();
    EXPECT_EQ(nearest.rows, expected.rows) << count << " rows";
    EXPECT_EQ(nearest.distances, expected.distances);
  }
}

TEST_P(NearestRowsBy, OfEachOtherLeaveTheRowItselfOut) {
  Matrix rows(1300, 33, 4, 1);
  for (const int64_t copy : {5, 700, 1100, 1299}) rows.Copy(3, copy);
  const auto expected = BruteForce(rows.rows, rows.rows, 7, GetParam(), true);
  for (const int threads : {1, 2, 5}) {
    const auto nearest =
        FindNearestToEachOther(rows.rows, 7, GetParam(), threads, kNoStop).ValueOrDie();
    EXPECT_EQ(nearest.rows, expected.rows) << threads << " threads";
    EXPECT_EQ(nearest.distances, expected.distances);
  }
  EXPECT_THAT(std::vector(expected.rows.begin() + 3 * 7, expected.rows.begin() + 3 * 7 + 4),
              testing::ElementsAre(5, 700, 1100, 1299));
}

TEST_P(NearestRowsBy, LeaveOutTheOneThatIsTheQuerysOwn) {
  const Matrix rows(400, 20, 6);
  std::vector<int64_t> own(400);
  std::iota(own.begin(), own.end(), 0);
  const auto expected = BruteForce(rows.rows, rows.rows, 3, GetParam(), true);
  const auto nearest =
      FindNearestOtherRows(rows.rows, rows.rows, own, 3, GetParam(), 2, kNoStop).ValueOrDie();
  EXPECT_EQ(nearest.rows, expected.rows);
}

TEST_P(NearestRowsBy, AreTheSameRowsInAnyOrder) {
  const Matrix rows(900, 24, 7);
  std::vector<int64_t> order(900);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937(8));
  Matrix shuffled(900, 24, 9);
  for (int64_t i = 0; i < 900; ++i) {
    std::copy_n(rows.rows.row(order[static_cast<size_t>(i)]), 24, shuffled.values.begin() + i * 24);
  }
  const auto one = FindNearestToEachOther(rows.rows, 5, GetParam(), 2, kNoStop).ValueOrDie();
  const auto other = FindNearestToEachOther(shuffled.rows, 5, GetParam(), 2, kNoStop).ValueOrDie();
  for (int64_t i = 0; i < 900; ++i) {
    for (int64_t n = 0; n < 5; ++n) {
      const auto found = other.rows[static_cast<size_t>(i * 5 + n)];
      EXPECT_EQ(order[static_cast<size_t>(found)],
                one.rows[static_cast<size_t>(order[static_cast<size_t>(i)] * 5 + n)]);
    }
  }
}

TEST_P(NearestRowsBy, BearNumbersNearTheEndOfFloat) {
  Matrix rows(50, 8, 10);
  for (float& value : rows.values) value *= 1e37F;
  const auto expected = BruteForce(rows.rows, rows.rows, 4, GetParam(), true);
  const auto nearest = FindNearestToEachOther(rows.rows, 4, GetParam(), 1, kNoStop).ValueOrDie();
  EXPECT_EQ(nearest.rows, expected.rows);
}

TEST_P(NearestRowsBy, OfEqualRowsAreTheLowest) {
  Matrix rows(60, 8, 11);
  std::ranges::fill(rows.values, 0.25F);
  const auto nearest = FindNearestToEachOther(rows.rows, 3, GetParam(), 2, kNoStop).ValueOrDie();
  EXPECT_THAT(std::vector(nearest.rows.begin(), nearest.rows.begin() + 6),
              testing::ElementsAre(1, 2, 3, 0, 2, 3));
  EXPECT_THAT(nearest.distances, testing::Each(0));
}

TEST(NearestRows, OfARowOfZerosAreAllAtOne) {
  Matrix rows(30, 8, 12);
  std::fill_n(rows.values.begin(), 8, 0.F);
  const auto nearest =
      FindNearestToEachOther(rows.rows, 2, RowMetric::kCosine, 1, kNoStop).ValueOrDie();
  EXPECT_EQ(nearest.rows[0], 1);
  EXPECT_EQ(nearest.distances[0], 1);
}

TEST(NearestRows, AreCancelled) {
  const Matrix rows(30, 8, 12);
  arrow::StopSource stop;
  stop.RequestStop();
  EXPECT_TRUE(FindNearestToEachOther(rows.rows, 2, RowMetric::kCosine, 1, stop.token())
                  .status()
                  .IsCancelled());
}

TEST(NearPairs, AreThoseOfBruteForce) {
  Matrix rows(1700, 6, 13);
  rows.Copy(2, 1600);
  std::vector<NearPair> expected;
  for (int32_t a = 0; a < 1700; ++a) {
    for (int32_t b = a + 1; b < 1700; ++b) {
      const double distance =
          RowDistance(RowMetric::kCosine, rows.rows.row(a), rows.rows.row(b), 6);
      if (distance <= 0.02) expected.push_back({a, b, distance});
    }
  }
  for (const int threads : {1, 3}) {
    EXPECT_EQ(FindNearPairs(rows.rows, 0.02, 1 << 20, threads, kNoStop).ValueOrDie(), expected);
  }
  EXPECT_TRUE(FindNearPairs(rows.rows, 0.02, 3, 2, kNoStop).status().IsInvalid());
}

}  // namespace
}  // namespace pomona
