#include "pomona/curate/distance_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace pomona {
namespace {

/// So many times the quartiles' distance above the third one begin outliers: of Datalab's default
/// threshold.
constexpr double kQuartiles = 1 / 0.37037 - 1;
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
/// Medians below it are taken for it.
constexpr double kLeastDistance = 1e-6;
/// What rounding alone may make of a mean of 0.
constexpr double kRounding = 50 * kEpsilon;
/// Of the median distance: Datalab's default threshold.
constexpr double kShareOfMedian = 0.13;
/// numpy's isclose to 0.
constexpr double kEqual = 1e-8;

/// Between the two values beside it, as numpy's percentile. sorted: ascending, not empty.
double Quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - static_cast<double>(below));
}

std::vector<double> Sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

OutlierScores ScoreOutliers(std::span<const float> distances, int64_t k) {
  std::vector<double> means;
  for (size_t first = 0; first < distances.size(); first += static_cast<size_t>(k)) {
    const auto row = distances.subspan(first, static_cast<size_t>(k));
    means.push_back(std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(k));
  }
  const std::vector<double> sorted = Sorted(means);
  const double third = Quantile(sorted, 0.75);
  const double scale = std::max(Quantile(sorted, 0.5), kLeastDistance);
  OutlierScores found;
  found.threshold = third + kQuartiles * (third - Quantile(sorted, 0.25));
  for (const double mean : means) {
    found.score.push_back(mean < kRounding ? 1 : std::exp(-mean / scale));
    found.is_outlier.push_back(mean > found.threshold ? 1 : 0);
  }
  return found;
}

NearDuplicateScores ScoreNearDuplicates(std::span<const float> distances, int64_t k) {
  NearDuplicateScores found;
  std::vector<double>& nearest = found.score;
  for (size_t first = 0; first < distances.size(); first += static_cast<size_t>(k)) {
    nearest.push_back(distances[first]);
  }
  const double median = std::max(Quantile(Sorted(nearest), 0.5), kLeastDistance);
  found.threshold = kShareOfMedian * median;
  for (double& distance : nearest) {
    distance = distance <= kEqual ? 0 : 1 - std::exp(-distance / median);
  }
  return found;
}

}  // namespace pomona
