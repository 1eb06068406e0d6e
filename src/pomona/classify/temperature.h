#pragma once

#include <cstdint>
#include <span>

namespace pomona {

/// What scores are divided by before they become probabilities.
struct Temperature {
  double value = 1;
  double before = 0, after = 0;  ///< negative log likelihood a row, at 1 and at `value`
  /// The likelihood grows beyond the bounds: all rows are right by far (0.02), or scores say
  /// nothing (50).
  bool at_bound = false;
};

/// Probabilities of a row's scores: softmax(scores / temperature). scores, probabilities:
/// [classes]; may be the same.
void Softmax(std::span<const float> scores, double temperature, std::span<float> probabilities);

/// Finds the temperature of 0.02 to 50 at which the given labels are likeliest (Guo and others, On
/// Calibration of Modern Neural Networks, 2017), to 1e-9 of itself. The likelihood is concave in
/// its reciprocal: Newton's steps, halved into brackets where they leave them. scores: [rows,
/// classes], row-major, finite. labels: [rows]. Without rows it is 1. The same for any number of
/// threads. Cost: about ten passes over the scores.
Temperature FitTemperature(std::span<const float> scores, std::span<const int32_t> labels,
                           int32_t classes, int threads);

}  // namespace pomona
