#include "pomona/int8/compare_answers.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace pomona {
namespace {

/// Two numbers a photo.
PhotoFeatures Of(const std::vector<std::array<float, 2>>& rows, std::vector<std::string> labels) {
  PhotoFeatures features;
  features.dim = 2;
  for (const auto& row : rows) features.rows.insert(features.rows.end(), row.begin(), row.end());
  features.decoded.assign(rows.size(), true);
  features.labels = std::move(labels);
  features.seconds = 2;
  return features;
}

TEST(CompareRows, knows_the_mean_and_the_least_cosine_of_what_both_have) {
  const auto a = Of({{1, 0}, {1, 0}, {5, 5}, {0, 0}}, {"", "", "", ""});
  auto b = Of({{2, 0}, {1, 1}, {-5, -5}, {0, 0}}, {"", "", "", ""});
  b.decoded[2] = false;
  const Cosines cosines = CompareRows(a, b);
  EXPECT_EQ(cosines.count, 3);
  EXPECT_NEAR(cosines.least, std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(cosines.mean, (1 + std::sqrt(0.5) + 1) / 3, 1e-6);
}

TEST(CompareAnswers, learns_from_the_first_half_of_each_label_and_asks_for_the_second) {
  const std::vector<std::string> labels = {"a", "a", "a", "a", "b", "b", "b", "b", "", "alone"};
  const auto f32 =
      Of({{1, 0}, {1, 0.1F}, {1, 0}, {1, 0.2F}, {0, 1}, {0.1F, 1}, {0, 1}, {0, 2}, {1, 0}, {1, 0}},
         labels);
  // The last one of "a" went over to "b".
  auto int8 =
      Of({{1, 0}, {1, 0.1F}, {1, 0}, {0.1F, 1}, {0, 1}, {0.1F, 1}, {0, 1}, {0, 2}, {1, 0}, {1, 0}},
         labels);
  int8.seconds = 0.5;
  Int8Report report;
  CompareAnswers(f32, int8, &report);
  EXPECT_EQ(report.compared, 10);
  EXPECT_EQ(report.labels, 2);
  EXPECT_EQ(report.asked, 4);
  EXPECT_EQ(report.neighbour.f32, 1);
  EXPECT_EQ(report.neighbour.int8, 0.75);
  EXPECT_EQ(report.neighbour.same, 0.75);
  EXPECT_EQ(report.probe.f32, 1);
  EXPECT_EQ(report.probe.int8, 0.75);
  EXPECT_EQ(report.probe.same, 0.75);
  EXPECT_EQ(report.speedup, 4);
}

TEST(CompareAnswers, has_none_without_two_labels) {
  const auto features = Of({{1, 0}, {0, 1}, {1, 1}}, {"a", "a", ""});
  Int8Report report;
  CompareAnswers(features, features, &report);
  EXPECT_EQ(report.compared, 3);
  EXPECT_EQ(report.asked, 0);
  EXPECT_EQ(report.mean_cosine, 1);
}

}  // namespace
}  // namespace pomona
