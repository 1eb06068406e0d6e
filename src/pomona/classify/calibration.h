#pragma once

#include <cstdint>
#include <span>

#include "pomona/classify/sureness.h"

namespace pomona {

/// What turns scores into answers that say how sure they are.
struct Calibration {
  Sureness sureness;             ///< that makes the labels likeliest: FitSureness
  double set_quantile = 1;       ///< of ConformalScore: ConformalQuantile, at most 1
  double unknown_threshold = 0;  ///< of unknown scores: few known rows are above it
};

/// scores: [labels.size()][classes], cosines of rows that were not learned from; labels: 0 to
/// classes - 1. The threshold for unknown rows is the quantile at 1 - false_alarms of these. Where
/// there are too few rows for the coverage, all labels are in each set. Without rows nothing is
/// certain: temperature 1, no doubt, all labels in each set, no row unknown.
Calibration Calibrate(std::span<const float> scores, std::span<const float> unknown,
                      std::span<const int32_t> labels, double coverage, double false_alarms,
                      int threads);

}  // namespace pomona
