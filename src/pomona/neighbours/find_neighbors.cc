#include <cmath>
#include <limits>
#include <new>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/error_kind.h"
#include "pomona/linalg/nearest_rows.h"
#include "pomona/neighbors.h"
#include "pomona/neighbours/feature_view_check.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kMostNeighbors = 10'000;

RowMetric MetricOf(const NeighborOptions& options) {
  return options.metric == NeighborMetric::kCosine ? RowMetric::kCosine : RowMetric::kEuclidean;
}

int ThreadsOf(const NeighborOptions& options) {
  return options.threads == 0 ? AvailableCores() : options.threads;
}

Status CheckEnough(int64_t k, int64_t rows, const char* what) {
  if (k <= rows) return Status::OK();
  return Status::Invalid("option `k` is ", k, ", there are only ", rows, " ", what);
}

template <class Find>
Result<Neighbors> Found(Find find) {
  try {
    ARROW_ASSIGN_OR_RAISE(NearestRows nearest, find());
    return Neighbors{
        .k = nearest.k, .ids = std::move(nearest.rows), .distances = std::move(nearest.distances)};
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the neighbours");
  }
}

}  // namespace

Status CheckFeatureView(const FeatureView& view, const char* name) {
  if (view.dim < 1 || view.values.empty()) return Status::Invalid(name, " have no features");
  if (static_cast<int64_t>(view.values.size()) % view.dim != 0) {
    return Status::Invalid(name, " have ", view.values.size(), " numbers, no whole rows of ",
                           view.dim);
  }
  if (view.rows() > std::numeric_limits<int32_t>::max()) {
    return Status::Invalid(name, " are ", view.rows(), ", more than 2^31 - 1");
  }
  for (size_t i = 0; i < view.values.size(); ++i) {
    if (std::isfinite(view.values[i])) continue;
    return DamagedData(name, ": row ", static_cast<int64_t>(i) / view.dim,
                       " has a value that is not finite");
  }
  return Status::OK();
}

std::string_view NeighborMetricName(NeighborMetric metric) {
  return metric == NeighborMetric::kCosine ? "cosine" : "euclidean";
}

Result<NeighborMetric> ParseNeighborMetric(std::string_view name) {
  if (name == "cosine") return NeighborMetric::kCosine;
  if (name == "euclidean") return NeighborMetric::kEuclidean;
  return Status::Invalid("option `metric` must be cosine or euclidean, not ", name);
}

Status NeighborOptions::Validate() const {
  if (k < 1 || k > kMostNeighbors) {
    return Status::Invalid("option `k` must be 1 to ", kMostNeighbors, ", not ", k);
  }
  return CheckThreads(threads);
}

Result<Neighbors> FindNeighbors(const FeatureView& queries, const FeatureView& rows,
                                const NeighborOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckFeatureView(queries, "queries"));
  ARROW_RETURN_NOT_OK(CheckFeatureView(rows, "rows"));
  if (queries.dim != rows.dim) {
    return Status::Invalid("queries have ", queries.dim, " features, rows ", rows.dim);
  }
  ARROW_RETURN_NOT_OK(CheckEnough(options.k, rows.rows(), "rows"));
  return Found([&] {
    return FindNearestRows(RowsOf(queries), RowsOf(rows), options.k, MetricOf(options),
                           ThreadsOf(options), options.stop);
  });
}

Result<Neighbors> FindNeighbors(const FeatureView& rows, const NeighborOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckFeatureView(rows, "rows"));
  ARROW_RETURN_NOT_OK(CheckEnough(options.k, rows.rows() - 1, "other rows"));
  return Found([&] {
    return FindNearestToEachOther(RowsOf(rows), options.k, MetricOf(options), ThreadsOf(options),
                                  options.stop);
  });
}

}  // namespace pomona
