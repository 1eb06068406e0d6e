#include "pomona/classify/calibration.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pomona/classify/conformal_sets.h"
#include "pomona/classify/sureness.h"

namespace pomona {

Calibration Calibrate(std::span<const float> scores, std::span<const float> unknown,
                      std::span<const int32_t> labels, double coverage, double false_alarms,
                      int threads) {
  Calibration found;
  if (labels.empty()) return found;
  const size_t classes = scores.size() / labels.size();
  found.sureness = FitSureness(scores, labels, threads);
  std::vector<double> wrong;
  std::vector<float> probabilities(classes);
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto row = scores.subspan(r * classes, classes);
    Probabilities(row, found.sureness, probabilities);
    wrong.push_back(ConformalScore(probabilities[static_cast<size_t>(labels[r])]));
  }
  found.set_quantile = std::min(ConformalQuantile(std::move(wrong), coverage), 1.0);
  const auto count = static_cast<int64_t>(labels.size());
  const auto known =
      static_cast<int64_t>(std::ceil(static_cast<double>(count) * (1 - false_alarms)));
  std::vector<float> strange(unknown.begin(), unknown.end());
  const auto at = strange.begin() + std::clamp<int64_t>(known - 1, 0, count - 1);
  std::nth_element(strange.begin(), at, strange.end());
  found.unknown_threshold = *at;
  return found;
}

}  // namespace pomona
