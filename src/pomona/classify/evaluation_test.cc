#include "pomona/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pomona/error_kind.h"

namespace pomona {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// Eight rows of three classes, in four groups; the last two are of a label that was not learned.
struct Judged {
  std::vector<std::string> classes = {"apple", "lemon", "plum"};
  std::vector<int32_t> labels = {0, 0, 0, 1, 1, 1, -1, -1};
  std::vector<float> probabilities = {
      0.8F, 0.1F, 0.1F, 0.7F, 0.2F, 0.1F, 0.2F, 0.7F, 0.1F, 0.1F, 0.8F, 0.1F,
      0.1F, 0.8F, 0.1F, 0.1F, 0.2F, 0.7F, 0.4F, 0.3F, 0.3F, 0.4F, 0.4F, 0.2F,
  };
  std::vector<float> unknown = {0.1F, 0.2F, 0.3F, 0.4F, 0.1F, 0.6F, 0.5F, 0.9F};
  std::vector<int32_t> groups = {7, 7, 9, 9, 4, 4, 2, 2};

  EvaluationInput Input() const {
    return {.name = "honest",
            .classes = classes,
            .labels = labels,
            .probabilities = probabilities,
            .unknown_scores = unknown,
            .groups = groups,
            .conformal_quantile = 0.5,
            .row_quantiles = {}};
  }
};

TEST(EvaluateScores, counts_what_is_right) {
  const Judged judged;
  const auto made = EvaluateScores(judged.Input());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->rows, 6);
  EXPECT_EQ(made->unknown_rows, 2);
  EXPECT_EQ(made->groups, 3);
  EXPECT_DOUBLE_EQ(made->accuracy.value, 4.0 / 6);
  ASSERT_TRUE(made->accuracy.interval);
  EXPECT_LE(made->accuracy.interval->low, 0.5);
  EXPECT_GE(made->accuracy.interval->high, 0.99);
  EXPECT_DOUBLE_EQ(made->balanced_accuracy.value, 2.0 / 3);
  ASSERT_EQ(made->confusions.size(), 2);
  EXPECT_EQ(made->confusions[0].given, 0);
  EXPECT_EQ(made->confusions[0].predicted, 1);
  EXPECT_DOUBLE_EQ(made->coverage->value, 4.0 / 6);
  EXPECT_DOUBLE_EQ(*made->mean_set_size, 1);
  EXPECT_DOUBLE_EQ(made->unknown_auroc->value, 11.0 / 12);
  EXPECT_DOUBLE_EQ(*made->unknown_fpr_at_95, 1.0 / 6);
  EXPECT_THAT(made->remarks, Contains(HasSubstr("1 of 3 classes have no row here")));
  EXPECT_THAT(made->remarks, Contains(HasSubstr("2 rows have labels that were not learned")));
}

TEST(EvaluateScores, the_same_rows_and_seed_make_the_same_report) {
  const Judged judged;
  EvaluationInput input = judged.Input();
  const std::string first = EvaluateScores(input)->ToJson();
  EXPECT_EQ(EvaluateScores(input)->ToJson(), first);
  const auto json = nlohmann::json::parse(first);
  EXPECT_EQ(json["name"], "honest");
  EXPECT_EQ(json["confusions"][1]["predicted"], "plum");
  EXPECT_EQ(json["conformal"]["quantile"], 0.5);
}

TEST(EvaluateScores, sets_without_calibration_hold_all) {
  const Judged judged;
  EvaluationInput input = judged.Input();
  input.conformal_quantile = kInfinite;
  const auto made = EvaluateScores(input);
  EXPECT_EQ(made->coverage->value, 1);
  EXPECT_EQ(*made->mean_set_size, 3);
  EXPECT_THAT(made->remarks, Contains(HasSubstr("needs 19 rows of calibration")));
  EXPECT_TRUE(nlohmann::json::parse(made->ToJson())["conformal"]["quantile"].is_null());
}

TEST(EvaluateScores, what_is_not_there_is_not_made_up) {
  const Judged judged;
  EvaluationInput input = judged.Input();
  const std::vector<int32_t> one_group(8, 1), known = {0, 0, 0, 1, 1, 1, 2, 2};
  input.groups = one_group;
  input.conformal_quantile.reset();
  input.labels = known;
  const auto made = EvaluateScores(input);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_FALSE(made->accuracy.interval);
  EXPECT_FALSE(made->coverage);
  EXPECT_FALSE(made->unknown_auroc);
  EXPECT_THAT(made->remarks, Contains(HasSubstr("there are no intervals")));
  input.groups = {};
  EXPECT_THAT(EvaluateScores(input)->remarks, Contains(HasSubstr("each row is a group")));
  EXPECT_THAT(made->remarks, Not(Contains(HasSubstr("each row is a group"))));
}

TEST(EvaluateScores, one_class_is_judged) {
  const std::vector<std::string> classes = {"apple"};
  const std::vector<int32_t> labels = {0, 0};
  const std::vector<float> sure = {1, 1};
  const auto made = EvaluateScores({.name = "",
                                    .classes = classes,
                                    .labels = labels,
                                    .probabilities = sure,
                                    .unknown_scores = {},
                                    .groups = {},
                                    .conformal_quantile = {},
                                    .row_quantiles = {}});
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->accuracy.value, 1);
  EXPECT_EQ(made->log_loss, 0);
}

TEST(EvaluateScores, bad_input_is_refused) {
  const Judged judged;
  const auto refused = [&](const auto& change) {
    EvaluationInput input = judged.Input();
    change(input);
    const auto status = EvaluateScores(input).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kRequest) << status;
    return status.message();
  };
  const std::vector<int32_t> none = {}, unlearned(8, -1), beyond(8, 3);
  std::vector<float> more = judged.probabilities, nan = judged.unknown;
  more[3] = 0.9F;
  nan[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(refused([&](auto& i) { i.classes = {}; }), HasSubstr("classes"));
  EXPECT_THAT(refused([&](auto& i) { i.labels = none; }), HasSubstr("probabilities: 24 values"));
  EXPECT_THAT(refused([&](auto& i) { i.labels = unlearned; }), HasSubstr("nothing to judge"));
  EXPECT_THAT(refused([&](auto& i) { i.labels = beyond; }), HasSubstr("labels: row 0 has 3"));
  EXPECT_THAT(refused([&](auto& i) { i.probabilities = more; }), HasSubstr("row 1 add up to 1.2"));
  EXPECT_THAT(refused([&](auto& i) { i.unknown_scores = nan; }), HasSubstr("row 2 has"));
  EXPECT_THAT(refused([&](auto& i) { i.groups = i.labels.first(3); }), HasSubstr("groups: 3 of 8"));
  EXPECT_THAT(refused([&](auto& i) { i.conformal_level = 1; }), HasSubstr("conformal_level"));
  EXPECT_THAT(refused([&](auto& i) { i.draws = -1; }), HasSubstr("draws"));
}

}  // namespace
}  // namespace pomona
