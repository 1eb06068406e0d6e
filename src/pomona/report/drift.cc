#include <algorithm>
#include <cmath>
#include <span>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/row_distance.h"
#include "pomona/report/compare_tables.h"
#include "pomona/report/spread.h"

namespace pomona {
namespace {

using RowSample = std::vector<const float*>;

RowSample Sample(const ReportRows& rows) {
  RowSample sample;
  for (const int64_t row : EvenByLabel(rows.label)) {
    if (static_cast<int64_t>(sample.size()) == kDriftRows) break;
    sample.push_back(rows.matrix.row(row).data());
  }
  return sample;
}

/// The mean distance of a row of `a` and one of `b`, as points of the unit sphere. Sums are put
/// together in the order of the rows, whoever computed them.
double MeanDistance(const RowSample& a, const RowSample& b, int64_t dim, ThreadTeam& team) {
  std::vector<double> sums(a.size());
  team.Run(static_cast<int64_t>(a.size()), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    for (const float* row : b) {
      sums[at] += std::sqrt(std::max(2 * RowDistance(RowMetric::kCosine, a[at], row, dim), 0.0));
    }
  });
  double sum = 0;
  for (const double one : sums) sum += one;
  return sum / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

}  // namespace

double Drift(const ReportRows& one, const ReportRows& other, int threads) {
  ThreadTeam team(threads);
  const RowSample a = Sample(one), b = Sample(other);
  const int64_t dim = one.matrix.dim;
  const double across = MeanDistance(a, b, dim, team);
  const double within = MeanDistance(a, a, dim, team) + MeanDistance(b, b, dim, team);
  return across > 0 ? std::clamp((2 * across - within) / (2 * across), 0.0, 1.0) : 0;
}

}  // namespace pomona
