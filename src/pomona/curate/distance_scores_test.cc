#include "pomona/curate/distance_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pomona {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;

constexpr double kNear = 1e-12;

TEST(ScoreOutliers, TellsAMeanThatIsFarAboveTheOthers) {
  // Means 1, 2, 3, 4, 20: quartiles 2 and 4, median 3.
  const std::vector<float> distances = {1, 1, 1, 3, 2, 4, 4, 4, 10, 30};
  const OutlierScores found = ScoreOutliers(distances, 2);
  EXPECT_NEAR(found.threshold, 4 + (1 / 0.37037 - 1) * 2, kNear);
  EXPECT_THAT(found.is_outlier, ElementsAre(0, 0, 0, 0, 1));
  EXPECT_THAT(
      found.score,
      ElementsAre(DoubleNear(std::exp(-1 / 3.0), kNear), DoubleNear(std::exp(-2 / 3.0), kNear),
                  DoubleNear(std::exp(-1.0), kNear), DoubleNear(std::exp(-4 / 3.0), kNear),
                  DoubleNear(std::exp(-20 / 3.0), kNear)));
}

TEST(ScoreOutliers, OfEqualRowsHasNone) {
  const OutlierScores found = ScoreOutliers(std::vector<float>(6, 0), 2);
  EXPECT_THAT(found.is_outlier, Each(0));
  EXPECT_THAT(found.score, Each(1.0));
}

TEST(ScoreNearDuplicates, ComparesWithTheMedianOfTheNearest) {
  const std::vector<float> distances = {0, 9, 0.5F, 9, 1, 9, 2, 9, 3, 9};
  const NearDuplicateScores found = ScoreNearDuplicates(distances, 2);
  EXPECT_NEAR(found.threshold, 0.13, kNear);
  EXPECT_THAT(
      found.score,
      ElementsAre(0.0, DoubleNear(1 - std::exp(-0.5), kNear), DoubleNear(1 - std::exp(-1.0), kNear),
                  DoubleNear(1 - std::exp(-2.0), kNear), DoubleNear(1 - std::exp(-3.0), kNear)));
}

}  // namespace
}  // namespace pomona
