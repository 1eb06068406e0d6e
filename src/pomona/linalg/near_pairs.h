#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <vector>

#include "pomona/linalg/row_distance.h"

namespace pomona {

/// Two rows, the lower first, and their distance in double.
struct NearPair {
  int32_t a = 0, b = 0;
  double distance = 0;

  bool operator==(const NearPair&) const = default;
};

/// All pairs of rows whose cosine distance is at most `most`, by their rows. Exact: float32 sifts
/// with the bound of its rounding, float64 decides. Rows below 2^31. Cost: rows^2 x dim / 2
/// multiply-adds. Memory: 16 bytes a pair, and ScoreSweep's. Invalid: more than `limit` pairs.
/// Cancelled by `stop`.
arrow::Result<std::vector<NearPair>> FindNearPairs(const Rows& rows, double most, int64_t limit,
                                                   int threads, const arrow::StopToken& stop);

}  // namespace pomona
