#include "pomona/linalg/sifting_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>
#include <vector>

#include "pomona/linalg/sift_dots.h"

namespace pomona {
namespace {

const arrow::StopToken kNoStop = arrow::StopToken::Unstoppable();

std::vector<float> Random(int64_t count, int64_t dim, unsigned seed, float shift = 0) {
  std::vector<float> values(static_cast<size_t>(count * dim));
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  for (float& value : values) value = std::max(0.0F, normal(random) + shift);
  return values;
}

Rows View(const std::vector<float>& values, int64_t dim) {
  return {.values = values.data(), .count = static_cast<int64_t>(values.size()) / dim, .dim = dim};
}

TEST(SiftDots, AreThoseOfWholeNumbers) {
  std::mt19937 random(1);
  for (const int64_t dim : {1, 7, 64, 100, 1283}) {
    std::vector<int8_t> rows(static_cast<size_t>(5 * dim));
    std::vector<int16_t> query(static_cast<size_t>(dim));
    for (auto& value : rows) value = static_cast<int8_t>(static_cast<int>(random() % 255) - 127);
    for (auto& value : query)
      value = static_cast<int16_t>(static_cast<int>(random() % 4095) - 2047);
    std::vector<int32_t> dots(5);
    SiftDots(rows.data(), 5, dim, query.data(), dots.data());
    for (int64_t i = 0; i < 5; ++i) {
      int64_t sum = 0;
      for (int64_t d = 0; d < dim; ++d) {
        sum += int64_t{rows[static_cast<size_t>(i * dim + d)]} * query[static_cast<size_t>(d)];
      }
      EXPECT_EQ(dots[static_cast<size_t>(i)], sum) << dim;
    }
  }
}

TEST(SiftDots, TakeTheLargestThatMayCome) {
  constexpr int64_t kDim = 8256;
  const std::vector<int8_t> rows(kDim, -127);
  const std::vector<int16_t> query(kDim, 2047);
  int32_t dot = 0;
  SiftDots(rows.data(), 1, kDim, query.data(), &dot);
  EXPECT_EQ(dot, -127 * 2047 * kDim);
}

TEST(SiftingCopy, IsOffByNoMoreThanItSays) {
  const auto values = Random(50, 77, 2);
  const Rows rows = View(values, 77);
  ThreadTeam team(2);
  const auto copy = MakeSiftingCopy(rows, team);
  for (int64_t i = 0; i < rows.count; ++i) {
    const auto at = static_cast<size_t>(i);
    double squares = 0;
    for (int64_t d = 0; d < rows.dim; ++d) {
      const double off =
          rows.row(i)[d] / copy.length[at] -
          static_cast<double>(copy.step[at]) * copy.values[static_cast<size_t>(i * rows.dim + d)];
      squares += off * off;
    }
    EXPECT_LE(std::sqrt(squares), copy.error[at]);
    EXPECT_GT(copy.error[at], 0);
  }
}

class SiftNearest : public testing::TestWithParam<RowMetric> {};

INSTANTIATE_TEST_SUITE_P(Metrics, SiftNearest,
                         testing::Values(RowMetric::kCosine, RowMetric::kEuclidean));

TEST_P(SiftNearest, RowsAreThoseOfTheSweep) {
  for (const auto& [count, dim, k] : std::vector<std::tuple<int64_t, int64_t, int64_t>>{
           {1, 1, 1}, {17, 5, 17}, {2500, 257, 10}, {60, 9000, 3}}) {
    auto values = Random(count, dim, 3, 0.5F);
    // Some that are equal, and one of zeros.
    for (int64_t i = 1; i < count; i += 7)
      std::copy_n(values.begin(), dim, values.begin() + i * dim);
    if (count > 3) std::fill_n(values.begin() + 3 * dim, dim, 0.0F);
    const Rows rows = View(values, dim);
    const auto asked = Random(4, dim, 4, 0.5F);
    ThreadTeam team(3);
    const auto copy = MakeSiftingCopy(rows, team);
    int64_t measured = 0;
    const auto check = [&](int64_t) {
      ++measured;
      return arrow::Status::OK();
    };
    for (const Rows& queries : {View(asked, dim), Rows{values.data(), 1, dim}}) {
      const auto expected = FindNearestRows(queries, rows, k, GetParam(), 2, kNoStop).ValueOrDie();
      const auto found =
          SiftNearestRows(queries, rows, copy.view(), {}, k, GetParam(), team, check, kNoStop)
              .ValueOrDie();
      EXPECT_EQ(found.rows, expected.rows) << count << " rows of " << dim;
      EXPECT_EQ(found.distances, expected.distances);
    }
  }
}

TEST_P(SiftNearest, MeasuresFewRowsWhereMostAreFar) {
  const auto values = Random(5000, 300, 5);
  const Rows rows = View(values, 300);
  ThreadTeam team(1);
  const auto copy = MakeSiftingCopy(rows, team);
  int64_t measured = 0;
  const auto check = [&](int64_t) {
    ++measured;
    return arrow::Status::OK();
  };
  const Rows query = {.values = rows.row(700), .count = 1, .dim = 300};
  const auto found =
      SiftNearestRows(query, rows, copy.view(), {}, 1, GetParam(), team, check, kNoStop);
  EXPECT_EQ(found->rows.front(), 700);
  EXPECT_LT(measured, 5);
}

TEST_P(SiftNearest, FindsOnlyWhatItMay) {
  const auto values = Random(600, 40, 6);
  const Rows rows = View(values, 40);
  ThreadTeam team(2);
  const auto copy = MakeSiftingCopy(rows, team);
  std::vector<int64_t> among;
  std::vector<float> chosen;
  for (int64_t i = 5; i < 600; i += 11) {
    among.push_back(i);
    chosen.insert(chosen.end(), rows.row(i), rows.row(i) + 40);
  }
  const Rows query = {.values = rows.row(9), .count = 1, .dim = 40};
  const auto none = [](int64_t) { return arrow::Status::OK(); };
  auto expected = FindNearestRows(query, View(chosen, 40), 4, GetParam(), 1, kNoStop).ValueOrDie();
  for (int64_t& row : expected.rows) row = among[static_cast<size_t>(row)];
  EXPECT_EQ(
      SiftNearestRows(query, rows, copy.view(), among, 4, GetParam(), team, none, kNoStop)->rows,
      expected.rows);
  const auto bad = [](int64_t) { return arrow::Status::IOError("no"); };
  EXPECT_TRUE(SiftNearestRows(query, rows, copy.view(), among, 4, GetParam(), team, bad, kNoStop)
                  .status()
                  .IsIOError());
}

}  // namespace
}  // namespace pomona
