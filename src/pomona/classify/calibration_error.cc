#include "pomona/classify/calibration_error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pomona {

void CalibrationError::Add(double top, bool right, int64_t times) {
  const double above = std::ceil(top * kCalibrationBins) - 1;
  const double last = kCalibrationBins - 1;
  Bin& bin = bins_[static_cast<size_t>(std::clamp(above, 0.0, last))];
  bin.rows += times;
  bin.right += right ? times : 0;
  bin.top += top * static_cast<double>(times);
}

double CalibrationError::Value() const {
  int64_t rows = 0;
  double apart = 0;
  for (const Bin& bin : bins_) {
    rows += bin.rows;
    apart += std::abs(bin.top - static_cast<double>(bin.right));
  }
  return rows == 0 ? 0 : apart / static_cast<double>(rows);
}

double NegativeLogLikelihood(std::span<const float> probabilities, std::span<const int32_t> labels,
                             int32_t classes) {
  if (labels.empty()) return 0;
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const double given =
        probabilities[i * static_cast<size_t>(classes) + static_cast<size_t>(labels[i])];
    sum -= std::log(std::max(given, std::numeric_limits<double>::epsilon()));
  }
  return sum / static_cast<double>(labels.size());
}

}  // namespace pomona
