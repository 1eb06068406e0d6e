#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/nearest_rows.h"
#include "pomona/linalg/row_distance.h"

namespace pomona {

/// A quarter of the size of some rows, and enough to leave most of them out of a search: row /
/// length is step * values but for a vector of at most the length `error`. A row of zeros has zeros
/// everywhere. A view.
struct SiftingCopy {
  const int8_t* values = nullptr;  ///< [rows, dim], -127 to 127
  const float* step = nullptr;     ///< [rows]
  const float* error = nullptr;    ///< [rows]
  const double* length = nullptr;  ///< [rows], Euclidean
};

/// One that owns what it views.
struct OwnedSiftingCopy {
  std::vector<int8_t> values;
  std::vector<float> step, error;
  std::vector<double> length;

  SiftingCopy view() const {
    return {.values = values.data(),
            .step = step.data(),
            .error = error.data(),
            .length = length.data()};
  }
};

/// Makes it: each row has the largest step that its largest feature leaves, and its own error,
/// which is measured. The same for any number of threads.
OwnedSiftingCopy MakeSiftingCopy(const Rows& rows, ThreadTeam& team);

/// The exact `k` nearest of `rows` to each of a few queries, with `copy` of the same rows: it
/// bounds how near each row can be, and the rows are measured in double, the nearest bound first,
/// until the next bound is farther than the k-th row that was found. So the answer is that of
/// float64 throughout, whatever the errors of the copy are, and little of `rows` is read.
///
/// With u and v of length 1, u = s q + e, v = t p + f (q and p whole numbers):
/// |u.v - s t q.p| <= |e| + (1 + |e|) |f|, by Cauchy and Schwarz.
///
/// `among`: ascending, the rows that may be found; empty: all. 1 <= k <= their number. `check(row)`
/// is called, by this thread, before a row is measured; its error ends the search. Cost of a query:
/// rows x dim bytes of memory read by the team, and some 2 microseconds a row that is measured.
/// Memory: 16 bytes a row. Cancelled by `stop`, between queries.
arrow::Result<NearestRows> SiftNearestRows(const Rows& queries, const Rows& rows,
                                           const SiftingCopy& copy, std::span<const int64_t> among,
                                           int64_t k, RowMetric metric, ThreadTeam& team,
                                           const std::function<arrow::Status(int64_t)>& check,
                                           const arrow::StopToken& stop);

}  // namespace pomona
