#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <vector>

#include "pomona/classify/learned_folds.h"

namespace pomona {

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
