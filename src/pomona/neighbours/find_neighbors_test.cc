#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pomona/error_kind.h"
#include "pomona/neighbors.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<float> kRows = {0, 1, 1, 1, 1, 0, -1, 0};
const FeatureView kView = {.values = kRows, .dim = 2};

TEST(FindNeighbors, OfQueriesAndOfTheRowsThemselves) {
  const std::vector<float> query = {2, 2};
  const auto found = FindNeighbors({.values = query, .dim = 2}, kView, {.k = 2}).ValueOrDie();
  EXPECT_THAT(found.ids, ElementsAre(1, 0));
  EXPECT_EQ(found.distances[0], 0);
  const auto others =
      FindNeighbors(kView, {.k = 1, .metric = NeighborMetric::kEuclidean}).ValueOrDie();
  EXPECT_THAT(others.ids, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(others.distances, ElementsAre(1, 1, 1, testing::FloatEq(1.4142135F)));
}

TEST(FindNeighbors, RefuseBadOptions) {
  const auto refused = [](const NeighborOptions& options, const char* word) {
    const auto status = FindNeighbors(kView, options).status();
    EXPECT_TRUE(status.IsInvalid()) << status;
    EXPECT_THAT(status.message(), HasSubstr(word));
  };
  refused({.k = 0}, "`k` must be 1 to 10000, not 0");
  refused({.k = 4}, "there are only 3 other rows");
  refused({.threads = -1}, "threads");
  EXPECT_TRUE(FindNeighbors(kView, kView, {.k = 4}).ok());
  EXPECT_TRUE(FindNeighbors(kView, kView, {.k = 5}).status().IsInvalid());
  EXPECT_TRUE(ParseNeighborMetric("manhattan").status().IsInvalid());
}

TEST(FindNeighbors, RefuseWhatAreNoRows) {
  const std::vector<float> three = {1, 2, 3};
  EXPECT_TRUE(FindNeighbors({.values = three, .dim = 3}, kView, {.k = 1}).status().IsInvalid());
  EXPECT_TRUE(FindNeighbors({.values = three, .dim = 2}, kView, {.k = 1}).status().IsInvalid());
  EXPECT_TRUE(FindNeighbors({}, kView, {.k = 1}).status().IsInvalid());
  const std::vector<float> bad = {1, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(KindOf(FindNeighbors({.values = bad, .dim = 2}, kView, {.k = 1}).status()),
            ErrorKind::kData);
}

}  // namespace
}  // namespace pomona
