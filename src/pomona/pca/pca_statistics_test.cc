#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "pomona/pca.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// rows x dim, of a few hidden factors and some noise: with a spectrum that falls.
std::vector<double> Correlated(int64_t rows, int64_t dim, double offset = 0, unsigned seed = 7) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values;
  for (int64_t r = 0; r < rows; ++r) {
    const double a = 5 * normal(random);
    const double b = 2 * normal(random);
    for (int64_t i = 0; i < dim; ++i) {
      const auto phase = static_cast<double>(i);
      values.push_back(offset + a * std::sin(phase) + b * std::cos(2 * phase) +
                       0.1 * normal(random));
    }
  }
  return values;
}

PcaStatistics Of(const std::vector<double>& values, int64_t dim, int threads = 1) {
  auto made = PcaStatistics::Make(dim, threads).ValueOrDie();
  const auto rows = static_cast<int64_t>(values.size()) / dim;
  EXPECT_TRUE(made.Update(values.data(), rows).ok());
  return made;
}

std::string BytesOf(PcaStatistics& statistics) {
  return statistics.ToBytes().ValueOrDie()->ToString();
}

std::vector<double> Copy(std::span<const double> values) { return {values.begin(), values.end()}; }

void ExpectNear(std::span<const double> a, std::span<const double> b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << "at " << i;
}

TEST(PcaStatistics, ATextbookExample) {
  // Two pairs of points, one along each diagonal: sums of squares 36 and 4, divided by 4.
  const std::vector<double> rows = {-3, -3, 3, 3, -1, 1, 1, -1, 0, 0};
  auto model = Of(rows, 2).Solve({.k = 2}).ValueOrDie();
  const double half = std::sqrt(0.5);
  ExpectNear(model.variance(), std::vector<double>{9, 1}, 1e-14);
  ExpectNear(model.ratio(), std::vector<double>{0.9, 0.1}, 1e-14);
  ExpectNear(model.components(), std::vector<double>{half, half, half, -half}, 1e-14);
  EXPECT_THAT(Copy(model.mean()), ElementsAre(0, 0));
  EXPECT_EQ(model.rows(), 5);
}

TEST(PcaStatistics, MergingEqualsOnePass) {
  const int64_t dim = 37;
  const auto values = Correlated(1500, dim, 3);
  auto whole = Of(values, dim);
  auto merged = PcaStatistics::Make(dim).ValueOrDie();
  // Pieces of many lengths, an empty one among them.
  int64_t row = 0;
  for (const int64_t rows : {1, 255, 0, 256, 3, 700, 285}) {
    const auto* begin = values.data() + row * dim;
    auto piece = Of({begin, begin + rows * dim}, dim);
    ASSERT_TRUE(merged.Merge(piece).ok());
    EXPECT_EQ(piece.count(), rows);
    row += rows;
  }
  ASSERT_EQ(merged.count(), whole.count());
  const auto a = whole.Solve({.k = 2}).ValueOrDie();
  const auto b = merged.Solve({.k = 2}).ValueOrDie();
  ExpectNear(a.mean(), b.mean(), 1e-13);
  ExpectNear(a.variance(), b.variance(), 1e-11);
  ExpectNear(a.components(), b.components(), 1e-11);
}

TEST(PcaStatistics, TheOrderOfMergesCostsNothingButRounding) {
  const int64_t dim = 9;
  const auto values = Correlated(600, dim);
  const auto piece = [&](int64_t first, int64_t rows) {
    return Of({values.begin() + first * dim, values.begin() + (first + rows) * dim}, dim);
  };
  auto forward = piece(0, 200);
  auto b = piece(200, 300);
  auto c = piece(500, 100);
  auto backward = piece(500, 100);
  ASSERT_TRUE(forward.Merge(b).ok() && forward.Merge(c).ok());
  auto tail = piece(200, 300);
  auto head = piece(0, 200);
  ASSERT_TRUE(tail.Merge(head).ok() && backward.Merge(tail).ok());
  ExpectNear(forward.Solve({.k = 3})->variance(), backward.Solve({.k = 3})->variance(), 1e-12);
}

TEST(PcaStatistics, AMeanOfAHundredMillionCostsNoDigits) {
  const int64_t dim = 20;
  // Whole eighths: shifted by 1e8 they are exact.
  auto values = Correlated(2000, dim);
  for (double& value : values) value = std::round(value * 8) / 8;
  auto shifted = values;
  for (double& value : shifted) value += 1e8;
  const auto plain = Of(values, dim).Solve({.k = 2}).ValueOrDie();
  const auto far = Of(shifted, dim).Solve({.k = 2}).ValueOrDie();
  ExpectNear(far.ratio(), plain.ratio(), 1e-10);
  ExpectNear(far.components(), plain.components(), 1e-8);
}

TEST(PcaStatistics, BitForBitForAnyThreadsAndAnyCutsOfTheRows) {
  const int64_t dim = 75;
  const auto values = Correlated(1111, dim);
  auto one = Of(values, dim, 1);
  const std::string expected = BytesOf(one);
  for (const int threads : {2, 3, 8}) {
    auto other = Of(values, dim, threads);
    EXPECT_EQ(BytesOf(other), expected) << threads << " threads";
  }
  auto cut = PcaStatistics::Make(dim, 2).ValueOrDie();
  for (int64_t row = 0; row < 1111; row += 101) {
    ASSERT_TRUE(cut.Update(values.data() + row * dim, 101).ok());
  }
  EXPECT_EQ(BytesOf(cut), expected);
}

TEST(PcaStatistics, FloatsAreWhatTheyAreAsDoubles) {
  const int64_t dim = 12;
  const auto values = Correlated(500, dim);
  const std::vector<float> floats(values.begin(), values.end());
  const std::vector<double> widened(floats.begin(), floats.end());
  auto a = PcaStatistics::Make(dim).ValueOrDie();
  ASSERT_TRUE(a.Update(floats.data(), 500).ok());
  auto b = Of(widened, dim);
  EXPECT_EQ(BytesOf(a), BytesOf(b));
}

TEST(PcaStatistics, BytesCarryEverything) {
  const int64_t dim = 33;
  auto statistics = Of(Correlated(400, dim, 2), dim);
  const std::string bytes = BytesOf(statistics);
  EXPECT_EQ(static_cast<int64_t>(bytes.size()), 8 * (3 + dim + dim * (dim + 1) / 2));
  // Wherever they lie in memory.
  const std::string moved = "x" + bytes;
  const std::span<const uint8_t> span(reinterpret_cast<const uint8_t*>(moved.data()) + 1,
                                      bytes.size());
  auto back = PcaStatistics::FromBytes(span).ValueOrDie();
  EXPECT_EQ(back.count(), 400);
  EXPECT_EQ(BytesOf(back), bytes);
  const auto a = statistics.Solve({.k = 4}).ValueOrDie();
  const auto b = back.Solve({.k = 4}).ValueOrDie();
  EXPECT_EQ(Copy(a.components()), Copy(b.components()));
}

TEST(PcaStatistics, DamagedBytesAreRefused) {
  auto statistics = Of(Correlated(10, 3), 3);
  const std::string bytes = BytesOf(statistics);
  const auto load = [](std::string text) {
    return PcaStatistics::FromBytes({reinterpret_cast<const uint8_t*>(text.data()), text.size()})
        .status()
        .message();
  };
  EXPECT_THAT(load(""), HasSubstr("no PCA statistics"));
  EXPECT_THAT(load("POMSTAT9" + bytes.substr(8)), HasSubstr("no PCA statistics"));
  EXPECT_THAT(load(bytes.substr(0, bytes.size() - 1)), HasSubstr("damaged"));
  EXPECT_THAT(load(bytes + "x"), HasSubstr("damaged"));
  std::string huge = bytes;
  huge[15] = 0x7f;  // the dimension's highest byte
  EXPECT_THAT(load(huge), HasSubstr("damaged"));
}

TEST(PcaStatistics, ValuesThatAreNotFiniteAreNamedAndNothingIsTakenIn) {
  auto statistics = PcaStatistics::Make(3).ValueOrDie();
  std::vector<float> rows = {1, 2, 3, 4, 5, 6};
  rows[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(statistics.Update(rows.data(), 2, 100).message(),
              HasSubstr("row 101 has nan as feature 1"));
  EXPECT_EQ(statistics.count(), 0);
  const std::vector<double> infinite = {1, 2, -std::numeric_limits<double>::infinity()};
  EXPECT_THAT(statistics.Update(infinite.data(), 1).message(),
              HasSubstr("row 0 has -inf as feature 2"));
}

TEST(PcaStatistics, StandardizedIsThePcaOfTheCorrelation) {
  const int64_t dim = 8;
  const auto values = Correlated(900, dim, 4);
  auto scaled = values;
  const auto plain = Of(values, dim).Solve({.k = 3, .standardize = true}).ValueOrDie();
  for (size_t i = 0; i < scaled.size(); ++i) scaled[i] *= std::pow(10.0, static_cast<int>(i % 8));
  const auto other = Of(scaled, dim).Solve({.k = 3, .standardize = true}).ValueOrDie();
  ExpectNear(plain.ratio(), other.ratio(), 1e-12);
  ExpectNear(plain.components(), other.components(), 1e-10);
  double total = 0;
  for (const double variance : plain.variance()) total += variance;
  EXPECT_NEAR(total, dim, 1e-10);
  EXPECT_NEAR(other.scale()[3], plain.scale()[3] * 1000, 1e-8);
}

TEST(PcaStatistics, AFeatureThatNeverVariesIsDividedByOne) {
  auto values = Correlated(600, 5);
  for (size_t r = 0; r < 600; ++r) values[r * 5 + 2] = 0.1;  // no binary number
  const auto model = Of(values, 5).Solve({.k = 4, .standardize = true}).ValueOrDie();
  EXPECT_EQ(model.scale()[2], 1.0);
  EXPECT_NEAR(model.variance()[4], 0, 1e-14);
  for (int64_t c = 0; c < 4; ++c)
    EXPECT_NEAR(model.components()[static_cast<size_t>(c * 5 + 2)], 0, 1e-12);
}

TEST(PcaStatistics, VarianceChoosesTheFewest) {
  // Four features, uncorrelated, with variances 8, 4, 2, 2.
  const double a = std::sqrt(8 * 7 / 2.0), b = std::sqrt(4 * 7 / 2.0), c = std::sqrt(7.0);
  std::vector<double> rows(8 * 4, 0.0);
  const double axes[] = {a, b, c, c};
  for (size_t axis = 0; axis < 4; ++axis) {
    rows[2 * axis * 4 + axis] = axes[axis];
    rows[(2 * axis + 1) * 4 + axis] = -axes[axis];
  }
  auto statistics = Of(rows, 4);
  const auto k = [&](double share) { return statistics.Solve({.variance = share})->k(); };
  EXPECT_EQ(k(0.4), 1);
  EXPECT_EQ(k(0.51), 2);
  EXPECT_EQ(k(0.74), 2);
  EXPECT_EQ(k(0.76), 3);
  EXPECT_EQ(k(0.99), 4);
  EXPECT_EQ(k(1), 4);
  EXPECT_EQ(statistics.Solve({})->k(), 4);  // 0.95
}

TEST(PcaStatistics, ComponentsAreOrthonormalAndTheirLargestLoadingIsPositive) {
  const int64_t dim = 130;
  const auto model = Of(Correlated(800, dim), dim).Solve({.k = dim}).ValueOrDie();
  const auto at = [&](int64_t c, int64_t i) {
    return model.components()[static_cast<size_t>(c * dim + i)];
  };
  for (int64_t c = 0; c < dim; ++c) {
    double largest = 0;
    for (int64_t i = 0; i < dim; ++i) {
      if (std::abs(at(c, i)) > std::abs(largest)) largest = at(c, i);
    }
    EXPECT_GT(largest, 0) << "component " << c;
    for (int64_t other = c; other < dim; ++other) {
      double product = 0;
      for (int64_t i = 0; i < dim; ++i) product += at(c, i) * at(other, i);
      ASSERT_NEAR(product, c == other ? 1 : 0, 1e-12) << c << " and " << other;
    }
  }
}

TEST(PcaStatistics, WhatCannotBeSolvedSaysWhy) {
  auto statistics = PcaStatistics::Make(3).ValueOrDie();
  const auto why = [&](const PcaOptions& options) {
    return statistics.Solve(options).status().message();
  };
  EXPECT_THAT(why({}), HasSubstr("need at least 2 rows, there are 0"));
  const std::vector<double> row = {0.1, 0.2, 0.3};
  ASSERT_TRUE(statistics.Update(row.data(), 1).ok());
  EXPECT_THAT(why({}), HasSubstr("need at least 2 rows, there are 1"));
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(statistics.Update(row.data(), 1).ok());
  EXPECT_THAT(why({}), HasSubstr("all 301 rows are equal"));
  EXPECT_THAT(why({.k = 4}), HasSubstr("k is 4, there are only 3 features"));
  EXPECT_THAT(why({.k = 0}), HasSubstr("option `k` must be at least 1, got 0"));
  EXPECT_THAT(why({.k = 1, .variance = 0.5}), HasSubstr("exclude each other"));
  EXPECT_THAT(why({.variance = 1.5}), HasSubstr("option `variance` must be above 0 and at most 1"));
  EXPECT_THAT(why({.variance = std::nan("")}), HasSubstr("option `variance` must be above 0"));
  const std::vector<double> huge = {1e300, -1e300, 0};
  ASSERT_TRUE(statistics.Update(huge.data(), 1).ok());
  EXPECT_THAT(why({}), HasSubstr("too large for a number"));

  auto two = PcaStatistics::Make(2).ValueOrDie();
  EXPECT_THAT(two.Merge(statistics).message(), HasSubstr("of 3 features cannot merge"));
  EXPECT_TRUE(two.Merge(two).IsInvalid());
  EXPECT_TRUE(PcaStatistics::Make(0).status().IsInvalid());
  EXPECT_TRUE(PcaStatistics::Make(100'000).status().IsInvalid());
  EXPECT_TRUE(PcaStatistics::Make(2, -1).status().IsInvalid());
}

}  // namespace
}  // namespace pomona
