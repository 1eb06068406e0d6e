#include <algorithm>
#include <new>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/neighbours/feature_view_check.h"
#include "pomona/projection.h"
#include "pomona/projection/neighbor_graph.h"
#include "pomona/projection/plane_layout.h"
#include "pomona/projection/principal_plane.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kMostNeighbors = 1'000;

Result<Neighbors> NeighborsOf(const FeatureView& rows, const ProjectionOptions& options) {
  const int64_t k = std::min(options.neighbors, rows.rows() - 1);
  if (k == 0) return Neighbors();
  return FindNeighbors(
      rows, {.k = k, .metric = options.metric, .threads = options.threads, .stop = options.stop});
}

}  // namespace

Status ProjectionOptions::Validate() const {
  if (neighbors < 2 || neighbors > kMostNeighbors) {
    return Status::Invalid("option `neighbors` must be 2 to ", kMostNeighbors, ", not ", neighbors);
  }
  return CheckThreads(threads);
}

Result<PlaneProjection> ProjectToPlane(const FeatureView& rows, const ProjectionOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckFeatureView(rows, "rows"));
  try {
    PlaneProjection made;
    ARROW_ASSIGN_OR_RAISE(made.neighbors, NeighborsOf(rows, options));
    const auto metric =
        options.metric == NeighborMetric::kCosine ? RowMetric::kCosine : RowMetric::kEuclidean;
    const int threads = options.threads == 0 ? AvailableCores() : options.threads;
    ThreadTeam team(threads);
    ARROW_ASSIGN_OR_RAISE(PlanePoints points, LayOut(PrincipalPlane(RowsOf(rows), metric, team),
                                                     GraphOf(made.neighbors, rows.rows()), team,
                                                     threads, options.stop));
    made.x = std::move(points.x);
    made.y = std::move(points.y);
    return made;
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the projection");
  }
}

}  // namespace pomona
