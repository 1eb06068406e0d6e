#pragma once

#include <span>

namespace pomona {

/// What turns scores into answers that say how sure they are.
struct Calibration {
  double temperature = 1;        ///< that makes the labels likeliest
  double set_threshold = 0;      ///< sets of labels hold all of this probability and more
  double unknown_threshold = 2;  ///< 1 less the highest score is above it for few known rows
};

/// scores: [labels.size()][classes], cosines of rows that were not learned from; labels: 0 to
/// classes - 1.
///
/// The temperature minimises the negative log likelihood (Guo and others, "On calibration of modern
/// neural networks", 2017), between 0.001 and 10. The set's threshold is that of split conformal
/// prediction with the score 1 - probability of the right label (Sadinle, Lei and Wasserman, "Least
/// ambiguous set-valued classifiers with bounded error levels", 2019): its quantile at rank ceil((n
/// + 1) * coverage). Where n is too small for that, all labels are in each set. The threshold for
/// unknown rows is the quantile at 1 - false_alarms of the rows. Without rows nothing is certain:
/// temperature 1, all labels in each set, no row unknown.
Calibration Calibrate(std::span<const float> scores, std::span<const int> labels, double coverage,
                      double false_alarms);

}  // namespace pomona
