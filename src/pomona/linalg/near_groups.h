#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <vector>

#include "pomona/linalg/row_distance.h"

namespace pomona {

/// Single linkage: rows whose cosine distance is at most `most` are of one group, and so are those
/// that a chain of such pairs joins. Rows of zeros, which are at 1 from all, are of one group as
/// well: they are equal. Returns the lowest row of each row's group. Exact, see SweepNearPairs;
/// pairs of rows that are known to be joined are not measured, and none is kept, so a table of one
/// picture costs no more than another. Memory: 8 bytes a row, and SweepNearPairs'. Cancelled.
arrow::Result<std::vector<int32_t>> FindNearGroups(const Rows& rows, double most, int threads,
                                                   const arrow::StopToken& stop);

}  // namespace pomona
