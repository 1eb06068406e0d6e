#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pomona {

/// Bins of the expected calibration error.
inline constexpr size_t kCalibrationBins = 15;

/// The expected calibration error as it is gathered: the mean over rows of the distance between how
/// sure a bin's rows are (their mean top probability) and how often they are right, in 15 bins of
/// equal width of the top probability, each open below and closed above (Guo and others, On
/// Calibration of Modern Neural Networks, 2017). For one thread.
class CalibrationError {
 public:
  /// `top`: of [0, 1]. `times`: how often the row counts.
  void Add(double top, bool right, int64_t times = 1);
  /// 0 without rows.
  double Value() const;

 private:
  struct Bin {
    int64_t rows = 0, right = 0;
    double top = 0;  ///< sum
  };
  std::array<Bin, kCalibrationBins> bins_;
};

/// Mean of -ln of the probability of the given class, which counts as 2.2e-16 where it is less, as
/// in scikit-learn's log_loss. probabilities: [rows, classes], row-major. labels: [rows], below
/// `classes`. 0 without rows.
double NegativeLogLikelihood(std::span<const float> probabilities, std::span<const int32_t> labels,
                             int32_t classes);

}  // namespace pomona
