#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pomona/duplicates.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(FindDuplicates, JoinsEqualAndNearRows) {
  const std::vector<float> rows = {1, 0, 0, 1, 1, 0, 0, 2, 1, 0.01F, -1, 0};
  const auto found = FindDuplicates({.values = rows, .dim = 2}, {.threshold = 0.001}).ValueOrDie();
  EXPECT_THAT(found.set, ElementsAre(0, 1, 0, 1, 0, -1));
  EXPECT_EQ(found.sets, 2);
  EXPECT_EQ(found.exact_sets, 1);
  EXPECT_EQ(found.exact_rows, 1);
  EXPECT_EQ(found.pairs, 2);
}

TEST(FindDuplicates, OfManyEqualRowsIsQuick) {
  const std::vector<float> rows(200'000, 0.5F);
  const auto found = FindDuplicates({.values = rows, .dim = 2}, {}).ValueOrDie();
  EXPECT_EQ(found.sets, 1);
  EXPECT_EQ(found.exact_rows, 99'999);
}

TEST(FindDuplicates, RefuseWhatIsNoThresholdAndNoFeature) {
  const std::vector<float> rows = {1, 0, 0, 1};
  for (const double threshold : {-0.1, 1.0, std::numeric_limits<double>::quiet_NaN()}) {
    const auto status =
        FindDuplicates({.values = rows, .dim = 2}, {.threshold = threshold}).status();
    EXPECT_TRUE(status.IsInvalid());
    EXPECT_THAT(status.message(), HasSubstr("threshold"));
  }
  const std::vector<float> bad = {1, 0, 0, std::numeric_limits<float>::infinity()};
  const auto status = FindDuplicates({.values = bad, .dim = 2}, {}).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("row 1"));
}

}  // namespace
}  // namespace pomona
