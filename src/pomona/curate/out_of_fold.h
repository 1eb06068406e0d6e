#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <vector>

#include "pomona/classify/learned_folds.h"

namespace pomona {

/// Rows of a label that never become label issues: FindLabelIssues.
inline constexpr int64_t kLeastRowsOfLabel = 10;

/// How folds of a table are learned to judge its rows: by the discriminant, of the options that
/// name table, split, labels and one target (IssuesOptions, ReportOptions).
template <typename TableOptions>
TrainOptions JudgingOptions(const TableOptions& options, int threads) {
  TrainOptions training;
  training.method = LearnMethod::kDiscriminant;
  training.features = options.features;
  training.split = options.split;
  training.labels = options.labels;
  if (!options.target.empty()) training.targets = {options.target};
  training.column = options.column;
  training.threads = threads;
  training.storage = options.storage;
  training.stop = options.stop;
  return training;
}

/// What is said of rows by what was not learned from them.
struct OutOfFold {
  std::vector<float> probabilities;  ///< [judged][classes]
  std::vector<int32_t> labels;       ///< [judged]: the given class
  std::vector<size_t> rows;          ///< [judged]: which of the table, ascending
  int64_t outside = 0;               ///< judged rows of no fold
};

/// Judges all labelled rows of the table, in one more pass: those of a fold by what all other folds
/// teach, calibrated by the rows of these; those of no fold (the split keeps them for other uses)
/// by what all folds teach. Not judged are rows without a label or features, and those whose label
/// nothing else teaches. Takes `learned.which` apart: its folds become one more. Memory: 4 bytes a
/// row and class, twice while they are counted. Cancelled. Throws std::bad_alloc.
arrow::Result<OutOfFold> JudgeAllRows(LearnedFolds& learned, const TrainOptions& options,
                                      int threads);

}  // namespace pomona
