#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <array>
#include <cstdint>

#include "pomona/classify/split_table.h"
#include "pomona/split.h"

namespace pomona {

/// Rows that are judged by what has learned from their like.
struct NearTwins {
  /// By SplitPart: rows with a near row in a part that is seen before.
  std::array<int64_t, kSplitParts.size()> rows_of_part = {};
  int64_t rows_of_folds = 0;  ///< rows with a near row in another fold
};

/// Counts them: near are rows within this cosine distance. `told.table` has features; a row without
/// them has no twin. Cost and memory: SweepNearPairs'; a row is measured until its twin is found.
arrow::Result<NearTwins> CountNearTwins(const ToldRows& told, double within, int threads,
                                        const arrow::StopToken& stop);

}  // namespace pomona
