#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/row_panels.h"

namespace pomona {

/// Some rows with their classes.
struct LabelledPanels {
  const RowPanels* rows = nullptr;
  std::span<const int32_t> labels;  ///< [rows->rows()]: 0 to classes - 1
};

/// Weights of linear scores: that of class c is row . weights[c] + bias[c].
struct LinearWeights {
  int64_t classes = 0;
  int64_t width = 0;            ///< features that are used: the first of a row
  std::vector<double> weights;  ///< [classes][width]
  std::vector<double> bias;     ///< [classes]

  LinearWeights() = default;
  /// Zeros.
  LinearWeights(int64_t classes, int64_t width);
  /// The same scores from more features: zeros for those that come.
  LinearWeights Widened(int64_t width) const;
};

/// The mean cross entropy of a softmax of linear scores, weighted by class, and its gradient: what
/// logistic regression minimises. Products are in float32, in sums of at most 1,920 rows; these are
/// added in double, in the order of the rows: the same for any number of threads.
class SoftmaxLoss {
 public:
  /// `parts` and `team` live longer. class_weights: [classes], above 0: what a row of the class
  /// counts.
  SoftmaxLoss(std::vector<LabelledPanels> parts, std::span<const double> class_weights,
              ThreadTeam& team, int threads);

  int64_t classes() const { return static_cast<int64_t>(shares_.size()); }
  /// [classes]: the share of the rows' weights.
  std::span<const double> shares() const { return shares_; }

  struct Value {
    double loss = 0;
    double curvature = 0;  ///< the mean of p (1 - p) over rows and classes
  };
  /// Sets the gradient, of the shape of `at`. Cost: 4 * rows * classes *
  /// width operations. Memory: 4 * classes * width bytes a thread, and about 1 MB.
  Value Evaluate(const LinearWeights& at, LinearWeights* gradient) const;

 private:
  struct Task {
    size_t part;
    int64_t first_block, end_block;
  };

  std::vector<LabelledPanels> parts_;
  std::vector<float> row_weights_;  ///< [classes]: of a row, so that all together are 1
  std::vector<double> shares_;
  std::vector<Task> tasks_;
  ThreadTeam& team_;
  const int threads_;
};

/// scores: [rows, classes], row-major.
void LinearScores(const RowPanels& rows, const LinearWeights& weights, ThreadTeam& team,
                  float* scores);

}  // namespace pomona
