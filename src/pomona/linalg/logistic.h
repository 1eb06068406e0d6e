#pragma once

#include <arrow/util/cancel.h>

#include <cstdint>
#include <span>

#include "pomona/linalg/softmax_loss.h"

namespace pomona {

/// A minimum of the loss + penalty / 2 * the squared weights. The bias has no penalty.
struct LogisticFit {
  LinearWeights weights;
  double objective = 0;
  double curvature = 0;  ///< SoftmaxLoss::Value, there
  /// The objective is above its minimum by at most this, as far as the bias is where it should be:
  /// the squared gradient over twice the penalty, which bounds it from below everywhere.
  double gap = 0;
  int evaluations = 0;  ///< of the loss
};

/// Finds it by L-BFGS (Nocedal, "Updating quasi-Newton matrices with limited storage", 1980), in
/// coordinates in which the mean of the loss's second derivatives is the identity: of feature i it
/// is curvature * variances[i] + penalty, if features are uncorrelated. Where they are in the order
/// of their variances, as principal components are, the first 128 and 512 are solved alone before
/// all are: that is where it is long-winded, and there it is cheap.
///
/// variances: [dim], of the features, descending. penalty: above 0. tolerance: it ends where the
/// gap is less than this part of the objective, or where float32 sees no progress. start: where it
/// begins, of a width of dim; zeros without. Cost: some 50 to 300 times SoftmaxLoss::Evaluate.
/// Memory: 41 times the weights in double. Stops early when asked to: look at the token.
LogisticFit FitLogistic(const SoftmaxLoss& loss, std::span<const double> variances, double penalty,
                        double tolerance, const LogisticFit* start, const arrow::StopToken& stop);

/// Minima for penalties that become weaker, each begun from where the last two point to: the
/// weights go on in the logarithm of the penalty much as they went. For one thread.
class LogisticPath {
 public:
  /// See FitLogistic. Valid until the next call.
  const LogisticFit& Next(const SoftmaxLoss& loss, std::span<const double> variances,
                          double penalty, double tolerance, const arrow::StopToken& stop);

 private:
  LogisticFit before_, last_;
  double penalty_before_ = 0, last_penalty_ = 0;  ///< 0: there is none
};

}  // namespace pomona
