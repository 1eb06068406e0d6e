#pragma once

#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/row_distance.h"

namespace pomona {

/// Points of the plane, [points] each.
struct PlanePoints {
  std::vector<float> x, y;
};

/// Rows along the two directions in which they vary most, by cosine those of rows of length 1. The
/// directions are found by subspace iteration (Golub and Van Loan, "Matrix Computations", 8.2.4)
/// on at most 2,048 rows, evenly spread: a start for a layout, not principal components to the last
/// digit. The same for any number of threads. Cost: 2,048 x dim x 256 operations, and a pass over
/// the rows. Memory: 8,192 x dim bytes.
PlanePoints PrincipalPlane(const Rows& rows, RowMetric metric, ThreadTeam& team);

}  // namespace pomona
