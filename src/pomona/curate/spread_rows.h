#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pomona/linalg/row_distance.h"

namespace pomona {

/// Rows that lie far apart.
struct SpreadRows {
  std::vector<int64_t> rows;  ///< as they were chosen
  /// Cosine distance to the nearest of the known and of those before; absent of the first where
  /// nothing is known.
  std::vector<std::optional<double>> distance;
};

/// Chooses `most` of `rows`, or all: each time the row with the largest weight * distance to the
/// nearest of `known` and of those that are chosen; of equals the first. Where nothing is known the
/// first has the largest weight. weight: [rows], 0 or more. The same for any number of threads.
/// Cost: (known + most) x rows x dim multiply-adds in double. Memory: 24 bytes a row. Cancelled.
arrow::Result<SpreadRows> Spread(const Rows& rows, std::span<const double> weight,
                                 const Rows& known, int64_t most, int threads,
                                 const arrow::StopToken& stop);

}  // namespace pomona
