#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/judged_rows.h"

namespace pomona {

/// What logistic regression learns from. Everything lives as long as the call.
struct LogisticTraining {
  const DiscriminantFamily& all;         ///< of all rows of training
  const std::vector<int64_t>& features;  ///< of a row: those of the chosen slices
  FeatureTable& table;
  const LearningRows& which;
  const LabelledColumns& columns;  ///< of the table
  const JudgedRows& judges;
  const HeldOut& held_out;        ///< what the discriminant says of those that are looked at
  std::optional<double> penalty;  ///< given, not chosen
  bool balanced = false;          ///< all labels count the same
  /// Stop where no more than this share of names is right; nothing: learn in any case.
  std::optional<double> better_than;
};

/// What it learned.
struct LearnedLogistic {
  double penalty = 0;
  double right = 0;           ///< the share of names of the judged rows that are right
  std::vector<float> scores;  ///< of the rows of held_out, row by row
  std::vector<double> weights, bias;  ///< as Classifier has them; empty: no better than it was to be
  int64_t axes = 0;                   ///< that it learned in
  double explained = 1;               ///< the share of the variance of the features along them
};

/// The words that say why there is too much for it to learn; empty: there is not.
std::string TooMuchForLogistic(const LogisticTraining& training);

/// Reads the table once more, and that of the judges where it is another. Not where there is too
/// much. Errors: those of LabelledBatches, Cancelled.
arrow::Result<LearnedLogistic> LearnLogistic(const LogisticTraining& training, ThreadTeam& team,
                                             int threads, const arrow::StopToken& stop);

}  // namespace pomona
