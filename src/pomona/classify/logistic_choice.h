#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <optional>
#include <span>
#include <vector>

#include "pomona/classify/judged_rows.h"
#include "pomona/classify/logistic_rows.h"

namespace pomona {

/// The penalty that names most judged rows rightly, and what it says of them.
struct LogisticChoice {
  double penalty = 0;
  std::vector<float> scores;  ///< of the rows that were asked for, row by row
  double right = 0;           ///< the share that is named rightly
};

/// What it is chosen from. Everything lives as long as the call.
struct LogisticQuestion {
  const LogisticRows& learned;     ///< the rows of training
  const LogisticRows& judged;      ///< the rows that judge: the same, or those of another table
  const JudgedRows& judges;        ///< what they are
  std::span<const size_t> rows;    ///< of their table: those that count
  std::span<const int> labels;     ///< of `rows`
  std::span<const double> class_weights;
  double mean_variance = 0;        ///< of the scaled features: the unit of a penalty
  std::optional<double> penalty;   ///< given, not chosen
};

/// Tries penalties of 0.3 to 0.0003 from the strongest on, each from where those before point to,
/// until two in a row name fewer rows rightly than the best; or the one that is given. Cancelled.
arrow::Result<LogisticChoice> ChoosePenalty(const LogisticQuestion& question,
                                            const arrow::StopToken& stop);

}  // namespace pomona
