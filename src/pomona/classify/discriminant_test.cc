#include "pomona/classify/discriminant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pomona {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::Pointwise;

/// Three classes of four features: deterministic rows that vary in all of them.
struct Rows {
  std::vector<float> values;
  std::vector<int> labels;
  Rows(int count, int dim, int classes) {
    uint32_t state = 1;
    const auto next = [&] {
      state = state * 1664525U + 1013904223U;
      return static_cast<float>(state >> 8) / static_cast<float>(1 << 24) - 0.5F;
    };
    for (int r = 0; r < count; ++r) {
      labels.push_back(r % classes);
      for (int i = 0; i < dim; ++i) {
        values.push_back(next() * static_cast<float>(i + 1) + (i == labels.back() ? 1.0F : 0.0F));
      }
    }
  }
};

/// Of such rows, finished.
struct Finished : ClassStatistics {
  Finished(const Rows& rows, int dim, int classes) : ClassStatistics(dim, classes, 1) {
    Add(rows.values.data(), rows.labels);
    Finish();
  }
};

Discriminant Solve(const ClassStatistics& statistics, double shrinkage) {
  return SolveDiscriminant(ClassMoments::Of(statistics),
                           std::vector<double>(static_cast<size_t>(statistics.dim()), 1.0),
                           shrinkage);
}

TEST(ClassStatistics, merged_is_that_of_all_rows) {
  const Rows rows(60, 4, 3);
  Finished all(rows, 4, 3);
  ClassStatistics first(4, 3, 1);
  ClassStatistics second(4, 3, 2);
  first.Add(rows.values.data(), std::span(rows.labels).first(25));
  second.Add(rows.values.data() + 25 * 4, std::span(rows.labels).subspan(25));
  first.Merge(second);
  first.Finish();
  EXPECT_EQ(first.count(), 60);
  EXPECT_THAT(first.ClassMeans(), Pointwise(testing::DoubleNear(1e-12), all.ClassMeans()));
  EXPECT_THAT(first.WithinScatter(first.ClassMeans()),
              Pointwise(testing::DoubleNear(1e-12), all.WithinScatter(all.ClassMeans())));
}

TEST(SolveDiscriminant, covariance_within_the_classes_is_the_identity) {
  const Rows rows(300, 4, 3);
  const Finished statistics(rows, 4, 3);
  const auto found = Solve(statistics, 1e-9);
  ASSERT_EQ(found.rank, 2);
  std::vector<double> covariance(4, 0.0);
  for (size_t r = 0; r < rows.labels.size(); ++r) {
    std::vector<double> z(2);
    for (size_t d = 0; d < 2; ++d) {
      for (size_t i = 0; i < 4; ++i) {
        z[d] += found.projection[d * 4 + i] * (rows.values[r * 4 + i] - found.mean[i]);
      }
      z[d] -= found.class_means[static_cast<size_t>(rows.labels[r]) * 2 + d];
    }
    for (size_t a = 0; a < 2; ++a) {
      for (size_t b = 0; b < 2; ++b) covariance[a * 2 + b] += z[a] * z[b] / (300 - 3);
    }
  }
  EXPECT_THAT(covariance, Pointwise(testing::DoubleNear(1e-7), std::vector<double>{1, 0, 0, 1}));
}

TEST(SolveDiscriminant, more_classes_than_features_have_as_many_directions_as_features) {
  // The same problem by either product: with more classes than features the other one is solved.
  const Rows rows(600, 3, 5);
  const Finished statistics(rows, 3, 5);
  const auto found = Solve(statistics, 1e-9);
  ASSERT_EQ(found.rank, 3);
  // Between the classes z is not correlated.
  std::vector<double> between(9, 0.0);
  for (size_t c = 0; c < 5; ++c) {
    for (size_t a = 0; a < 3; ++a) {
      for (size_t b = 0; b < 3; ++b) {
        between[a * 3 + b] += found.class_means[c * 3 + a] * found.class_means[c * 3 + b];
      }
    }
  }
  for (size_t a = 0; a < 3; ++a) {
    for (size_t b = 0; b < a; ++b) EXPECT_NEAR(between[a * 3 + b], 0, 1e-9);
    if (a > 0) {
      EXPECT_LE(between[a * 3 + a], between[(a - 1) * 3 + a - 1]);
    }
  }
}

TEST(SolveDiscriminant, of_rows_of_one_value_there_are_no_directions) {
  ClassStatistics statistics(2, 2, 1);
  const std::vector<float> rows(8, 0.5F);
  statistics.Add(rows.data(), std::vector<int>{0, 1, 0, 1});
  statistics.Finish();
  const auto found = Solve(statistics, 0.1);
  EXPECT_EQ(found.rank, 0);
}

TEST(SolveDiscriminant, the_unit_of_a_feature_matters_to_the_shrinking_alone) {
  const Rows rows(300, 4, 3);
  const Finished statistics(rows, 4, 3);
  const auto moments = ClassMoments::Of(statistics);
  const auto one = SolveDiscriminant(moments, std::vector<double>{1, 1, 1, 1}, 1e-9);
  const auto other = SolveDiscriminant(moments, std::vector<double>{1, 10, 100, 0.1}, 1e-9);
  EXPECT_THAT(one.projection, Pointwise(testing::DoubleNear(1e-4), other.projection));
}

}  // namespace
}  // namespace pomona
