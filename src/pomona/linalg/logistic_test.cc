#include "pomona/linalg/logistic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "pomona/linalg/softmax_loss.h"

namespace pomona {
namespace {

/// Rows about the means of their classes, the first features varying most.
struct Problem {
  Problem(int64_t rows, int64_t dim, int classes) : dim(dim), classes(classes), panels(dim) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    std::vector<double> means(static_cast<size_t>(classes * dim));
    for (double& mean : means) mean = normal(random);
    std::vector<float> row(static_cast<size_t>(dim));
    for (int64_t r = 0; r < rows; ++r) {
      const auto label = static_cast<int32_t>(random() % static_cast<uint32_t>(classes));
      for (int64_t i = 0; i < dim; ++i) {
        const double scale = 2.0 / static_cast<double>(1 + i);
        const double mean = means[static_cast<size_t>(label * dim + i)];
        row[static_cast<size_t>(i)] = static_cast<float>(scale * (mean + 2 * normal(random)));
      }
      values.insert(values.end(), row.begin(), row.end());
      labels.push_back(label);
      panels.Append(row);
    }
    for (int64_t i = 0; i < dim; ++i) {
      double sum = 0;
      for (int64_t r = 0; r < rows; ++r)
        sum += std::pow(values[static_cast<size_t>(r * dim + i)], 2);
      variances.push_back(sum / static_cast<double>(rows));
    }
  }

  SoftmaxLoss Loss(ThreadTeam& team, int threads, std::vector<double> weights = {}) const {
    weights.resize(static_cast<size_t>(classes), 1.0);
    return SoftmaxLoss({{&panels, labels}}, weights, team, threads);
  }

  /// The definition, in double.
  double LossAt(const LinearWeights& at, LinearWeights* gradient,
                std::vector<double> weights) const {
    weights.resize(static_cast<size_t>(classes), 1.0);
    *gradient = LinearWeights(classes, at.width);
    double loss = 0;
    double all = 0;
    for (const int32_t label : labels) all += weights[static_cast<size_t>(label)];
    for (size_t r = 0; r < labels.size(); ++r) {
      const float* row = values.data() + static_cast<int64_t>(r) * dim;
      std::vector<double> p(at.bias);
      double sum = 0;
      for (int64_t c = 0; c < classes; ++c) {
        for (int64_t i = 0; i < at.width; ++i) {
          p[static_cast<size_t>(c)] += at.weights[static_cast<size_t>(c * at.width + i)] * row[i];
        }
      }
      const double of_label = p[static_cast<size_t>(labels[r])];
      for (double& one : p) sum += one = std::exp(one);
      const double weight = weights[static_cast<size_t>(labels[r])] / all;
      loss += weight * (std::log(sum) - of_label);
      for (int64_t c = 0; c < classes; ++c) {
        const double residual =
            weight * (p[static_cast<size_t>(c)] / sum - (c == labels[r] ? 1 : 0));
        gradient->bias[static_cast<size_t>(c)] += residual;
        for (int64_t i = 0; i < at.width; ++i) {
          gradient->weights[static_cast<size_t>(c * at.width + i)] += residual * row[i];
        }
      }
    }
    return loss;
  }

  int64_t dim;
  int classes;
  std::vector<float> values;
  std::vector<int32_t> labels;
  std::vector<double> variances;
  RowPanels panels;
};

LinearWeights SomeWeights(int64_t classes, int64_t width) {
  LinearWeights weights(classes, width);
  std::mt19937 random(8);
  std::normal_distribution<double> normal(0, 0.3);
  for (double& one : weights.weights) one = normal(random);
  for (double& one : weights.bias) one = normal(random);
  return weights;
}

TEST(SoftmaxLoss, IsTheDefinitionAndItsGradient) {
  // One block and many tasks, features and classes that fill no panel, and fewer features than rows
  // have.
  for (const auto& [rows, dim, width, classes] :
       {std::tuple{1, 1, 1, 2}, {500, 37, 37, 5}, {2'100, 50, 18, 33}, {200, 600, 600, 3}}) {
    const Problem problem(rows, dim, classes);
    const LinearWeights at = SomeWeights(classes, width);
    ThreadTeam team(2);
    LinearWeights gradient;
    LinearWeights expected;
    const std::vector<double> weights = {3.0, 0.5};
    const auto value = problem.Loss(team, 2, weights).Evaluate(at, &gradient);
    EXPECT_NEAR(value.loss, problem.LossAt(at, &expected, weights), 1e-5);
    EXPECT_GT(value.curvature, 0);
    for (size_t i = 0; i < expected.weights.size(); ++i) {
      ASSERT_NEAR(gradient.weights[i], expected.weights[i], 2e-5) << i;
    }
    for (size_t c = 0; c < expected.bias.size(); ++c) {
      ASSERT_NEAR(gradient.bias[c], expected.bias[c], 2e-5);
    }
  }
}

TEST(SoftmaxLoss, IsTheSameForAnyNumberOfThreads) {
  const Problem problem(4'100, 20, 4);
  const LinearWeights at = SomeWeights(4, 20);
  ThreadTeam one(1);
  LinearWeights expected;
  const auto value = problem.Loss(one, 1).Evaluate(at, &expected);
  for (const int threads : {2, 3, 7}) {
    ThreadTeam team(threads);
    LinearWeights gradient;
    EXPECT_EQ(problem.Loss(team, threads).Evaluate(at, &gradient).loss, value.loss);
    EXPECT_EQ(gradient.weights, expected.weights);
    EXPECT_EQ(gradient.bias, expected.bias);
  }
}

TEST(LinearScores, AreProductsAndBias) {
  const Problem problem(250, 40, 3);
  const LinearWeights at = SomeWeights(3, 40);
  ThreadTeam team(2);
  std::vector<float> scores(250 * 3);
  LinearScores(problem.panels, at, team, scores.data());
  for (size_t r = 0; r < 250; ++r) {
    for (size_t c = 0; c < 3; ++c) {
      double expected = at.bias[c];
      for (size_t i = 0; i < 40; ++i)
        expected += at.weights[c * 40 + i] * problem.values[r * 40 + i];
      ASSERT_NEAR(scores[r * 3 + c], expected, 1e-4);
    }
  }
}

class Logistic : public ::testing::Test {
 protected:
  LogisticFit Fit(const Problem& problem, double penalty, double tolerance,
                  const LogisticFit* start = nullptr) {
    return FitLogistic(problem.Loss(team_, 2), problem.variances, penalty, tolerance, start,
                       arrow::StopToken::Unstoppable());
  }

  ThreadTeam team_{2};
};

TEST_F(Logistic, StandsWhereTheGradientIsZero) {
  const Problem problem(600, 270, 4);  // more features than the first level has
  for (const double penalty : {1.0, 1e-2, 1e-3}) {
    const LogisticFit fit = Fit(problem, penalty, 1e-6);
    EXPECT_LE(fit.gap, 1e-6 * fit.objective);
    LinearWeights gradient;
    double squares = 0;
    double slopes = 0;
    const double loss = problem.LossAt(fit.weights, &gradient, {});
    for (size_t i = 0; i < gradient.weights.size(); ++i) {
      squares += std::pow(fit.weights.weights[i], 2);
      slopes += std::pow(gradient.weights[i] + penalty * fit.weights.weights[i], 2);
    }
    EXPECT_NEAR(fit.objective, loss + penalty / 2 * squares, 1e-6 * fit.objective);
    EXPECT_LE(slopes / (2 * penalty), 2e-6 * fit.objective);
    for (const double slope : gradient.bias) EXPECT_NEAR(slope, 0, 1e-3);
  }
}

TEST_F(Logistic, AWarmStartEndsAtTheSameWithLess) {
  const Problem problem(600, 270, 4);
  const LogisticFit cold = Fit(problem, 1e-3, 1e-6);
  const LogisticFit stronger = Fit(problem, 3e-3, 1e-6);
  const LogisticFit warm = Fit(problem, 1e-3, 1e-6, &stronger);
  EXPECT_NEAR(warm.objective, cold.objective, 2e-6 * cold.objective);
  EXPECT_LT(warm.evaluations, cold.evaluations);
}

TEST_F(Logistic, APathEndsWhereEachOfItsPenaltiesDoes) {
  const Problem problem(400, 40, 4);
  const SoftmaxLoss loss = problem.Loss(team_, 2);
  LogisticPath path;
  for (const double penalty : {1.0, 0.3, 0.1, 0.03, 0.01}) {
    const LogisticFit& fit =
        path.Next(loss, problem.variances, penalty, 1e-6, arrow::StopToken::Unstoppable());
    const double alone = Fit(problem, penalty, 1e-6).objective;
    EXPECT_NEAR(fit.objective, alone, 2e-6 * alone);
  }
}

TEST_F(Logistic, AClassWithoutRowsIsNeverNamed) {
  Problem problem(500, 10, 3);
  problem.classes = 4;
  const LogisticFit fit = Fit(problem, 1e-2, 1e-6);
  std::vector<float> scores(500 * 4);
  LinearScores(problem.panels, fit.weights, team_, scores.data());
  for (size_t r = 0; r < 500; ++r) {
    EXPECT_LT(scores[r * 4 + 3], *std::max_element(&scores[r * 4], &scores[r * 4 + 3]) - 100);
  }
}

TEST_F(Logistic, OneFeatureThatIsConstantChangesNothing) {
  Problem problem(500, 3, 2);
  RowPanels panels(4);
  for (size_t r = 0; r < 500; ++r) {
    panels.Append(std::vector<float>{problem.values[r * 3], problem.values[r * 3 + 1],
                                     problem.values[r * 3 + 2], 0});
  }
  const LogisticFit expected = Fit(problem, 1e-2, 1e-7);
  problem.variances.push_back(0);
  const LogisticFit fit =
      FitLogistic(SoftmaxLoss({{&panels, problem.labels}}, std::vector<double>{1, 1}, team_, 2),
                  problem.variances, 1e-2, 1e-7, nullptr, arrow::StopToken::Unstoppable());
  EXPECT_NEAR(fit.objective, expected.objective, 1e-6);
}

}  // namespace
}  // namespace pomona
