#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Features in memory that somebody else keeps: [rows, dim], float32, row-major, all finite.
struct FeatureView {
  std::span<const float> values;
  int64_t dim = 0;

  int64_t rows() const { return dim == 0 ? 0 : static_cast<int64_t>(values.size()) / dim; }
};

/// How far two rows are from each other.
enum class NeighborMetric {
  /// 1 less the cosine of the angle between them, 0 to 2: how bright or how sure a picture is does
  /// not count. A row of zeros has no angle, and is at 1 from every row.
  kCosine,
  kEuclidean,  ///< the root of the sum of squared differences
};

/// "cosine", "euclidean".
std::string_view NeighborMetricName(NeighborMetric metric);
arrow::Result<NeighborMetric> ParseNeighborMetric(std::string_view name);

/// What to look for.
struct NeighborOptions {
  /// Neighbours of each query, 1 to 10,000.
  int64_t k = 10;

  NeighborMetric metric = NeighborMetric::kCosine;

  /// Cores to use. 0: all that this process may use. The answer is the same for any number.
  int threads = 0;

  /// Ends the search with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// The neighbours of some queries, the nearest first; of equal distances the lower row.
struct Neighbors {
  int64_t k = 0;
  std::vector<int64_t> ids;      ///< [queries, k], rows of what was searched, from 0 on
  std::vector<float> distances;  ///< [queries, k], computed in double
};

/// The `k` nearest of `rows` for each of `queries`: exact, no index, no training.
///
/// float32 sifts and float64 decides: k + max(8, k / 4) rows a query are kept by a score that is
/// off by at most 1.5 (dim + 4) 2^-24 of the cosine (1.2e-4 for 1,280 features; some 1e-6 as a
/// rule), or of the largest squared distance from the mean of the rows. So the answer is that of a
/// search in float64 but where more rows than were kept are that close to the k-th. One machine
/// gives the same bits for any number of threads.
///
/// Cost: queries x rows x dim multiply-adds. Memory: 8 bytes for each row that is kept, and 20 MB.
/// Invalid: an option, rows of another dim, k above the rows, no queries, 2^31 rows. DamagedData: a
/// value that is not finite. OutOfMemory. Cancelled.
arrow::Result<Neighbors> FindNeighbors(const FeatureView& queries, const FeatureView& rows,
                                       const NeighborOptions& options);

/// Of each row the nearest of the others. Half the cost, as two rows meet once. Invalid also where
/// k is not below the rows.
arrow::Result<Neighbors> FindNeighbors(const FeatureView& rows, const NeighborOptions& options);

}  // namespace pomona
