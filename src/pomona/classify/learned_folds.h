#pragma once

#include <arrow/result.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/classify/discriminant.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/learning_rows.h"
#include "pomona/evaluation.h"
#include "pomona/features/feature_table.h"
#include "pomona/train.h"

namespace pomona {

/// What Train learns of the rows of all folds but one, for each of them.
struct LearnedFolds {
  std::unique_ptr<FeatureTable> table;
  LearningRows which;
  std::vector<Discriminant> by_fold;  ///< [folds + 1]: of the others; the last: of all
  ScoreKind score = ScoreKind::kCosine;
  double shrinkage = 0;
  std::string slices;  ///< of the features, for people
  HeldOut held_out;    ///< of rows of all folds, at most HeldOutLimit: by what to calibrate
  std::optional<Evaluation> evaluation;  ///< TrainReport::evaluation
};

/// Reads the table and chooses the discriminant as Train does with the same options, at the same
/// cost and with the same errors, and stops before what is written. `options`: Validate holds;
/// `output` is not used. Throws std::bad_alloc.
arrow::Result<LearnedFolds> LearnFolds(const TrainOptions& options);

}  // namespace pomona
