#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

// How far rows are from the rows nearest to them, as scores of 0 to 1, lower is worse. Formulas and
// thresholds are those of cleanlab's Datalab (version 2.9).

/// Rows that are far from all others.
struct OutlierScores {
  std::vector<double> score;        ///< [rows]: exp(-mean / median of all means)
  std::vector<uint8_t> is_outlier;  ///< [rows]: 1 where the mean is above the threshold
  double threshold = 0;             ///< Q3 + 1.7 (Q3 - Q1) of the means
};

/// distances: [rows, k], of each row to its k nearest others; means are over k (Kuan and Mueller,
/// "Back to the Basics: Revisiting Out-of-Distribution Detection Baselines", 2022). Quartiles are
/// numpy's. A mean that is no more than rounding scores 1.
OutlierScores ScoreOutliers(std::span<const float> distances, int64_t k);

/// Rows that are near another one.
struct NearDuplicateScores {
  std::vector<double> score;  ///< [rows]: 1 - exp(-distance / median of all); 0 of an equal row
  double threshold = 0;       ///< 0.13 of the median: what is nearer is a near duplicate
};

/// By the nearest other row. distances: as above, the nearest first.
NearDuplicateScores ScoreNearDuplicates(std::span<const float> distances, int64_t k);

}  // namespace pomona
