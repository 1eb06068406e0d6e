#pragma once

#include <cstdint>
#include <span>

namespace pomona {

/// How scores become probabilities: p = (1 - doubt) softmax(scores / temperature) + doubt /
/// classes.
///
/// The temperature alone (Guo and others, "On calibration of modern neural networks", 2017) must be
/// high where some classes are wholly wrong, which makes all others look unsure; `doubt` is the
/// share of rows whose score says nothing at all.
struct Sureness {
  double temperature = 1;
  double doubt = 0;
};

/// scores, probabilities: [classes]; may be the same.
void Probabilities(std::span<const float> scores, const Sureness& sureness,
                   std::span<float> probabilities);

/// Mean negative log likelihood of the labels. scores: [labels.size()][classes]. Natural logarithm.
double LossOf(std::span<const float> scores, std::span<const int32_t> labels,
              const Sureness& sureness, int threads);

/// Finds the temperature of 0.02 to 1,000 and the doubt of 0 to 0.5 at which the labels are
/// likeliest: for each temperature the doubt is a concave problem, of the temperatures the best of
/// a grid is refined by golden section, to 1e-4 of itself. scores: [labels.size()][classes],
/// finite. Without rows: {1, 0}. The same for any number of threads. Cost: about 50 passes over the
/// scores.
Sureness FitSureness(std::span<const float> scores, std::span<const int32_t> labels, int threads);

}  // namespace pomona
