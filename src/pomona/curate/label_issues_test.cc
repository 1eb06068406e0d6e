#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "pomona/error_kind.h"
#include "pomona/issues.h"

namespace pomona {
namespace {

using testing::Each;
using testing::HasSubstr;

/// Rows of two classes, `right` sure and right ones of each, then one of class 0 that looks like 1.
struct TwoClasses {
  explicit TwoClasses(int right) {
    for (int r = 0; r < right; ++r) Add(0, 0.9F);
    for (int r = 0; r < right; ++r) Add(1, 0.2F);
    Add(0, 0.05F);
  }
  void Add(int32_t label, float first) {
    labels.push_back(label);
    probabilities.insert(probabilities.end(), {first, 1 - first});
  }
  std::vector<float> probabilities;
  std::vector<int32_t> labels;
};

TEST(FindLabelIssues, FindsTheRowThatLooksLikeTheOtherClass) {
  const TwoClasses rows(20);
  const auto found = FindLabelIssues(rows.probabilities, rows.labels, 2).ValueOrDie();
  std::vector<uint8_t> wanted(41, 0);
  wanted.back() = 1;
  EXPECT_EQ(found.is_issue, wanted);
  EXPECT_FLOAT_EQ(found.score.back(), 0.05F);
  EXPECT_EQ(found.predicted.back(), 1);
  EXPECT_FLOAT_EQ(found.score[25], 0.8F);
}

TEST(FindLabelIssues, LeavesSmallClassesAlone) {
  const TwoClasses rows(8);
  const auto found = FindLabelIssues(rows.probabilities, rows.labels, 2).ValueOrDie();
  EXPECT_THAT(found.is_issue, Each(0));
  EXPECT_FLOAT_EQ(found.score.back(), 0.05F) << "the score tells all the same";
  EXPECT_EQ(FindLabelIssues(rows.probabilities, rows.labels, 2, 1).ValueOrDie().is_issue.back(), 1);
}

TEST(FindLabelIssues, TakesAClassWithoutRows) {
  const std::vector<float> probabilities = {0.5F, 0.3F, 0.2F, 0.3F, 0.5F, 0.2F};
  const std::vector<int32_t> labels = {0, 1};
  const auto found = FindLabelIssues(probabilities, labels, 3, 0).ValueOrDie();
  EXPECT_THAT(found.is_issue, Each(0));
}

TEST(FindLabelIssues, TakesNoRowsAtAll) {
  EXPECT_TRUE(FindLabelIssues({}, {}, 2).ValueOrDie().is_issue.empty());
}

TEST(FindLabelIssues, RefusesWhatIsNoProbabilityAndNoLabel) {
  const std::vector<float> two = {0.5F, 0.5F};
  const std::vector<float> bad = {0.5F, std::numeric_limits<float>::quiet_NaN()};
  const std::vector<int32_t> zero = {0};
  const std::vector<int32_t> far = {2};
  EXPECT_TRUE(FindLabelIssues(two, zero, 1).status().IsInvalid());
  EXPECT_THAT(FindLabelIssues(two, zero, 3).status().message(), HasSubstr("2 probabilities"));
  EXPECT_THAT(FindLabelIssues(two, far, 2).status().message(), HasSubstr("label of row 0 is 2"));
  const auto status = FindLabelIssues(bad, zero, 2).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("row 0"));
}

}  // namespace
}  // namespace pomona
