#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pomona/linalg/row_distance.h"

namespace pomona {

/// Two rows, the lower first, and their distance in double.
struct NearPair {
  int32_t a = 0, b = 0;
  double distance = 0;

  bool operator==(const NearPair&) const = default;
};

/// Finds the pairs of rows whose cosine distance is at most `most`. Exact: float32 sifts with the
/// bound of its rounding, float64 decides. Rows below 2^31. Of a pair that may be one,
/// `wanted(a, b)` says whether it is still asked for; it is called by several threads at once.
/// `take` then gets some pairs at a time, by this thread, while nothing is asked; its error ends
/// the sweep. Both see the same in the same order whatever the threads do. Cost: rows^2 x dim / 2
/// multiply-adds, and a microsecond a pair that is wanted. Memory: 16 bytes a pair of 768 x
/// 2,048 rows (256 more for each thread beyond four, twice), and ScoreSweep's. Cancelled by `stop`.
arrow::Status SweepNearPairs(const Rows& rows, double most, int threads,
                             const arrow::StopToken& stop,
                             const std::function<bool(int64_t a, int64_t b)>& wanted,
                             const std::function<arrow::Status(std::span<const NearPair>)>& take);

/// All pairs of rows whose cosine distance is at most `most`, by their rows: SweepNearPairs.
/// Memory: 16 bytes a pair. Invalid: more than `limit` pairs.
arrow::Result<std::vector<NearPair>> FindNearPairs(const Rows& rows, double most, int64_t limit,
                                                   int threads, const arrow::StopToken& stop);

}  // namespace pomona
