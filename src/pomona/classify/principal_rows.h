#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classify/class_moments.h"
#include "pomona/linalg/projection.h"
#include "pomona/linalg/row_panels.h"
#include "pomona/linalg/softmax_loss.h"

namespace pomona {

/// Principal components of scaled features: the coordinates in which a linear classifier is
/// learned. The penalty of weights is the same in them as in the scaled features. Immutable,
/// thread-safe.
class PrincipalAxes {
 public:
  /// Of `features` of rows, ascending, each times its factor of `factors`; at most `most` axes,
  /// those of most variance. Cost: 9 * features^3 operations.
  PrincipalAxes(const ClassMoments& moments, std::span<const int64_t> features,
                std::span<const double> factors, int64_t most);

  /// The same axes, through another mean: [dim].
  PrincipalAxes SeenFrom(std::span<const double> mean) const { return {dim_, axes_, mean}; }

  int64_t count() const { return static_cast<int64_t>(axes_.variances.size()); }
  /// [count()], descending: the variance of rows along each axis.
  std::span<const double> variances() const { return axes_.variances; }
  /// The share of the variance of the features that lies along the axes.
  double explained() const { return axes_.explained; }
  /// The mean variance of the scaled features.
  double mean_variance() const { return axes_.mean_variance; }

  /// Appends rows in these coordinates. rows: [count, moments.dim()], row-major.
  void Append(const float* rows, int64_t count, ThreadTeam& team, RowPanels* panels) const;

  /// The same scores from features less the mean of all rows: weights [classes][moments.dim()], 0
  /// for features that are not among `features`.
  std::vector<double> WeightsOfFeatures(const LinearWeights& weights) const;

 private:
  struct Axes {
    std::vector<double> variances;
    std::vector<double> vectors;  ///< [count][dim], factors multiplied in
    double explained = 1;
    double mean_variance = 0;
  };
  PrincipalAxes(int64_t dim, Axes axes, std::span<const double> mean);
  static Axes Solve(const ClassMoments& moments, std::span<const int64_t> features,
                    std::span<const double> factors, int64_t most);

  const int64_t dim_;
  const Axes axes_;
  const Projection projection_;
};

}  // namespace pomona
