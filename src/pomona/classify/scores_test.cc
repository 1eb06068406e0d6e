// Values that are compared with are scikit-learn's (1.9.1) and MAPIE's (1.6.0), of the rows that
// MadeRows makes, as a few lines of Python make the same ones: SplitMix64 is a page of both.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "pomona/base/random.h"
#include "pomona/classify/calibration_error.h"
#include "pomona/classify/class_scores.h"
#include "pomona/classify/conformal_sets.h"
#include "pomona/classify/group_bootstrap.h"
#include "pomona/classify/sureness.h"
#include "pomona/classify/unknown_ranking.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;

constexpr int kClasses = 4;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// 200 rows of 4 classes that are mostly right, and too sure by a factor of about 2.
struct MadeRows {
  std::vector<int32_t> given, predicted;
  std::vector<float> scores, probabilities;

  MadeRows() {
    Random random(5);
    for (int row = 0; row < 200; ++row) {
      given.push_back(static_cast<int32_t>(random.Next() % kClasses));
      for (int c = 0; c < kClasses; ++c) {
        scores.push_back(
            static_cast<float>(2 * (4 * random.Share() + (c == given.back() ? 1.5 : 0))));
      }
    }
    probabilities.resize(scores.size());
    for (size_t row = 0; row < given.size(); ++row) {
      const auto of_row = std::span(probabilities).subspan(row * kClasses, kClasses);
      Probabilities(std::span(scores).subspan(row * kClasses, kClasses), {}, of_row);
      predicted.push_back(
          static_cast<int32_t>(std::max_element(of_row.begin(), of_row.end()) - of_row.begin()));
    }
  }
  std::span<const float> Of(size_t row) const {
    return std::span(probabilities).subspan(row * kClasses, kClasses);
  }
};

TEST(ClassScores, are_those_of_scikit_learn) {
  const MadeRows made;
  const auto pairs = CountPairs(made.given, made.predicted);
  std::vector<int64_t> rows;
  for (const ClassPair& pair : pairs) rows.push_back(pair.rows);
  EXPECT_THAT(rows, ElementsAre(29, 5, 7, 9, 13, 29, 7, 7, 5, 5, 28, 7, 3, 6, 8, 32));
  const auto scores = ScoreClasses(pairs, kClasses);
  EXPECT_NEAR(scores[1].precision, 0.6444444444444445, 1e-12);
  EXPECT_NEAR(scores[1].recall, 0.5178571428571429, 1e-12);
  EXPECT_EQ(scores[3].given, 49);
  EXPECT_NEAR(MacroF1(scores), 0.5897789313344289, 1e-12);
  EXPECT_NEAR(BalancedAccuracy(scores), 0.5932851473922902, 1e-12);
}

TEST(ClassScores, classes_that_nobody_names_count_for_nothing) {
  // f1_score([0, 0, 1], [0, 2, 1], average="macro") is 0.5555...
  const auto scores =
      ScoreClasses(CountPairs(std::vector<int32_t>{0, 0, 1}, std::vector<int32_t>{0, 2, 1}), 100);
  EXPECT_NEAR(MacroF1(scores), 5.0 / 9, 1e-12);
  EXPECT_EQ(BalancedAccuracy(scores), 0.75);
  EXPECT_EQ(MacroF1(ScoreClasses({}, 3)), 0);
}

TEST(CalibrationError, is_that_of_fifteen_bins) {
  const MadeRows made;
  CalibrationError error;
  for (size_t i = 0; i < made.given.size(); ++i) {
    const auto row = made.Of(i);
    error.Add(*std::max_element(row.begin(), row.end()), made.given[i] == made.predicted[i]);
  }
  EXPECT_NEAR(error.Value(), 0.1685049429364805, 1e-6);
  EXPECT_EQ(CalibrationError().Value(), 0);
}

TEST(CalibrationError, a_bin_is_closed_above) {
  CalibrationError error;
  error.Add(1.0 / 15, true);
  error.Add(1e-9, false);
  // One bin: (1/15 + 1e-9) / 2 sure, right by half.
  EXPECT_NEAR(error.Value(), 0.5 - 1.0 / 30, 1e-6);
}

TEST(NegativeLogLikelihood, is_log_loss) {
  const MadeRows made;
  EXPECT_NEAR(NegativeLogLikelihood(made.probabilities, made.given, kClasses), 1.0291067817634485,
              1e-6);
  const std::vector<float> sure = {1, 0};
  EXPECT_NEAR(NegativeLogLikelihood(sure, std::vector<int32_t>{1}, 2), 36.04365338911715, 1e-9);
  EXPECT_EQ(NegativeLogLikelihood({}, {}, 2), 0);
}

TEST(FitSureness, nothing_near_it_makes_the_labels_likelier) {
  MadeRows made;
  // Right by far, but for some rows that are wholly wrong: what the doubt is for.
  for (size_t row = 0; row < made.given.size(); ++row) {
    made.scores[row * kClasses + static_cast<size_t>(made.given[row])] += 10;
    if (row % 20 == 0) made.given[row] = (made.given[row] + 1) % kClasses;
  }
  const auto loss = [&](double temperature, double doubt) {
    return LossOf(made.scores, made.given, {temperature, doubt}, 1);
  };
  const auto found = FitSureness(made.scores, made.given, 1);
  const double least = loss(found.temperature, found.doubt);
  EXPECT_GT(found.doubt, 0.01);
  EXPECT_LT(least, loss(1, 0));
  for (const double factor : {0.5, 0.9, 0.99, 1.01, 1.1, 2.0}) {
    EXPECT_LE(least, loss(found.temperature * factor, found.doubt) + 1e-9);
    EXPECT_LE(least, loss(found.temperature, found.doubt * factor) + 1e-9);
  }
  const auto three = FitSureness(made.scores, made.given, 3);
  EXPECT_EQ(three.temperature, found.temperature);
  EXPECT_EQ(three.doubt, found.doubt);
}

TEST(FitSureness, stops_at_bounds) {
  const std::vector<float> right = {9, 0, 0, 9};
  const std::vector<int32_t> labels = {0, 1};
  const auto sure = FitSureness(right, labels, 1);
  EXPECT_LT(sure.temperature, 0.5);
  EXPECT_EQ(sure.doubt, 0);
  const auto none = FitSureness({}, {}, 1);
  EXPECT_EQ(none.temperature, 1);
  EXPECT_EQ(none.doubt, 0);
}

TEST(UnknownRanking, is_roc_auc_score_with_ties) {
  Random random(9);
  std::vector<float> score;
  std::vector<uint8_t> unknown;
  for (int i = 0; i < 150; ++i) {
    unknown.push_back(random.Next() % 3 == 0 ? 1 : 0);
    score.push_back(static_cast<float>(
        std::floor(20 * (random.Share() + (unknown.back() != 0 ? 0.3 : 0))) / 20));
  }
  const UnknownRanking ranking(score, unknown);
  EXPECT_NEAR(*ranking.Auroc(), 0.7445987654320988, 1e-12);
  // roc_curve: the first point with a true positive rate of 0.95 or more.
  EXPECT_NEAR(*ranking.FalsePositivesAt95(), 0.6851851851851852, 1e-12);
}

TEST(UnknownRanking, weights_are_rows_so_often) {
  const std::vector<float> score = {0.9F, 0.5F, 0.5F, 0.1F}, longer = {0.9F, 0.5F, 0.5F, 0.5F};
  const std::vector<uint8_t> unknown = {1, 0, 1, 0}, longer_unknown = {1, 0, 1, 1};
  const std::vector<int32_t> weight = {1, 1, 2, 0};
  EXPECT_EQ(UnknownRanking(score, unknown).Auroc(weight),
            UnknownRanking(longer, longer_unknown).Auroc());
}

TEST(UnknownRanking, says_nothing_of_one_kind) {
  const std::vector<float> score = {1, 2};
  for (const uint8_t kind : {0, 1}) {
    const UnknownRanking ranking(score, std::vector<uint8_t>{kind, kind});
    EXPECT_EQ(ranking.Auroc(), std::nullopt);
    EXPECT_EQ(ranking.FalsePositivesAt95(), std::nullopt);
  }
}

TEST(ConformalSets, are_those_of_mapie) {
  const MadeRows made;
  std::vector<double> calibration;
  for (size_t i = 0; i < 100; ++i) {
    calibration.push_back(ConformalScore(made.Of(i)[static_cast<size_t>(made.given[i])]));
  }
  const auto counts_at = [&](double level) {
    const double quantile = ConformalQuantile(calibration, level);
    ConformalCounts counts;
    for (size_t i = 100; i < 200; ++i) CountSet(made.Of(i), made.given[i], quantile, counts);
    return std::tuple(quantile, counts.covered, counts.labels);
  };
  const auto [at_90, covered_90, labels_90] = counts_at(0.9);
  EXPECT_NEAR(at_90, 0.9582862677377632, 1e-6);
  EXPECT_EQ(covered_90, 92);
  EXPECT_EQ(labels_90, 225);
  const auto [at_95, covered_95, labels_95] = counts_at(0.95);
  EXPECT_NEAR(at_95, 0.9770671320161636, 1e-6);
  EXPECT_EQ(covered_95, 98);
  EXPECT_EQ(labels_95, 260);
  EXPECT_EQ(counts_at(0.995), std::tuple(kInfinite, 100, 400));
}

TEST(ConformalSets, few_rows_promise_nothing) {
  EXPECT_EQ(ConformalQuantile({}, 0.9), kInfinite);
  EXPECT_EQ(ConformalQuantile(std::vector<double>(18, 0.5), 0.95), kInfinite);
  EXPECT_EQ(ConformalQuantile(std::vector<double>(19, 0.5), 0.95), 0.5);
  EXPECT_EQ(ConformalRowsFor(0.95), 19);
  EXPECT_EQ(ConformalRowsFor(0.9), 9);
  EXPECT_EQ(ConformalRowsFor(0.99), 99);
  EXPECT_EQ(ConformalRowsFor(0.01), 1);
}

TEST(ConformalSets, a_set_may_be_empty) {
  ConformalCounts counts;
  CountSet(std::vector<float>{0.5F, 0.5F}, 0, 0.4, counts);
  EXPECT_EQ(counts.empty, 1);
  EXPECT_EQ(counts.covered, 0);
}

TEST(GroupBootstrap, draws_as_many_groups_as_there_are) {
  int draws = 0;
  DrawGroups(7, 50, 3, [&](std::span<const int32_t> times) {
    ++draws;
    EXPECT_EQ(std::accumulate(times.begin(), times.end(), 0), 7);
  });
  EXPECT_EQ(draws, 50);
}

TEST(GroupBootstrap, the_interval_of_a_mean_is_about_two_deviations_wide) {
  std::vector<double> means;
  DrawGroups(400, 2000, 1, [&](std::span<const int32_t> times) {
    double sum = 0;
    for (size_t i = 0; i < times.size(); ++i) sum += i < 200 ? times[i] : 0;
    means.push_back(sum / 400);
  });
  const auto interval = PercentileInterval(means);
  EXPECT_NEAR(interval->low, 0.5 - 1.96 * 0.025, 0.005);
  EXPECT_NEAR(interval->high, 0.5 + 1.96 * 0.025, 0.005);
}

TEST(GroupBootstrap, percentiles_are_numpys) {
  // numpy.quantile([0, 1, 2, 3], [0.025, 0.975])
  const auto interval = PercentileInterval({3, 1, 0, 2});
  EXPECT_NEAR(interval->low, 0.075, 1e-12);
  EXPECT_NEAR(interval->high, 2.925, 1e-12);
  EXPECT_EQ(PercentileInterval({1}), std::nullopt);
}

TEST(GroupBootstrap, fewer_draws_of_many_rows) {
  EXPECT_EQ(BootstrapDraws(10'000, 2000), 2000);
  EXPECT_EQ(BootstrapDraws(400'000, 2000), 1000);
  EXPECT_EQ(BootstrapDraws(10'000'000, 2000), 200);
  EXPECT_EQ(BootstrapDraws(10'000'000, 50), 50);
}

}  // namespace
}  // namespace pomona
