#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <vector>

#include "pomona/neighbors.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How rows are laid out in the plane.
struct ProjectionOptions {
  /// Nearest rows of each that are to lie beside it, 2 to 1,000. More of them show more of the
  /// whole and less of what is near.
  int64_t neighbors = 15;

  NeighborMetric metric = NeighborMetric::kCosine;

  /// Cores to use. 0: all that this process may use. The picture is the same for any number.
  int threads = 0;

  /// Ends it with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// Rows as points of the plane: rows that are near each other lie beside each other. Axes and
/// distances between groups mean nothing.
struct PlaneProjection {
  std::vector<float> x, y;  ///< [rows], finite, around 0

  /// Of each row the nearest others, exact: options.neighbors of them, or all others where there
  /// are fewer (none, with k = 0, of a single row).
  Neighbors neighbors;
};

/// Lays rows out by their nearest neighbours. Invalid: an option, no rows, 2^31 rows. DamagedData:
/// a value that is not finite. OutOfMemory. Cancelled.
arrow::Result<PlaneProjection> ProjectToPlane(const FeatureView& rows,
                                              const ProjectionOptions& options);

}  // namespace pomona
