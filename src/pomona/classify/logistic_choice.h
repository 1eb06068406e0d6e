#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <optional>
#include <span>
#include <vector>

#include "pomona/classify/logistic_rows.h"

namespace pomona {

/// The penalty that names most rows of folds rightly, and what it says of them.
struct LogisticChoice {
  double penalty = 0;
  /// Of the rows that were asked for, row by row, by what the other folds taught.
  std::vector<float> scores;
  double accuracy = 0;
};

/// Tries penalties of 0.3 to 0.0003 from the strongest on, each from where those before point to,
/// until two in a row name fewer rows rightly than the best; or the one that is given. `rows`: of
/// the table, and `labels`: what they are. A penalty counts in units of the mean variance of the
/// scaled features.
arrow::Result<LogisticChoice> ChoosePenalty(const LogisticRows& logistic, int folds,
                                            std::span<const size_t> rows,
                                            std::span<const int> labels,
                                            std::span<const double> class_weights,
                                            double mean_variance, std::optional<double> penalty,
                                            const arrow::StopToken& stop);

}  // namespace pomona
