#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/linalg/row_distance.h"

namespace pomona {

/// What is nearest to each query, the nearest first; of equal distances the lower row.
struct NearestRows {
  int64_t k = 0;
  std::vector<int64_t> rows;     ///< [queries, k]
  std::vector<float> distances;  ///< [queries, k]; computed in double
};

/// The exact `k` nearest of `rows` for each of `queries`; 1 <= k <= rows, and rows below 2^31.
///
/// Float32 sifts: k + max(8, k / 4) rows a query are kept, by scores that are off by at most
/// 1.5 (dim + 4) 2^-24 of the cosine, or of the largest squared distance from the rows' mean.
/// Float64 decides among them. So the answer is that of float64 throughout unless more rows than
/// were kept lie within twice that of the k-th. It is the same bits for any number of `threads`.
///
/// Cost: queries x rows x dim multiply-adds in float32. Memory beside the rows: 8 bytes a row that
/// is kept, and ScoreSweep's. Cancelled by `stop`; std::bad_alloc.
arrow::Result<NearestRows> FindNearestRows(const Rows& queries, const Rows& rows, int64_t k,
                                           RowMetric metric, int threads,
                                           const arrow::StopToken& stop);

/// The same with one row each query must not find, its own; -1: none. k is below the rows.
arrow::Result<NearestRows> FindNearestOtherRows(const Rows& queries, const Rows& rows,
                                                std::span<const int64_t> own, int64_t k,
                                                RowMetric metric, int threads,
                                                const arrow::StopToken& stop);

/// Of each row the nearest others; k is below the rows. Half the cost, as two rows meet once.
arrow::Result<NearestRows> FindNearestToEachOther(const Rows& rows, int64_t k, RowMetric metric,
                                                  int threads, const arrow::StopToken& stop);

}  // namespace pomona
