#include "pomona/linalg/row_distance.h"

#include <algorithm>
#include <cmath>

namespace pomona {
namespace {

constexpr int64_t kSums = 8;

template <class Term>
double SumOf(int64_t dim, Term term) {
  double sums[kSums] = {};
  const int64_t whole = dim / kSums * kSums;
  for (int64_t d = 0; d < whole; d += kSums) {
    for (int64_t s = 0; s < kSums; ++s) sums[s] += term(d + s);
  }
  for (int64_t d = whole; d < dim; ++d) sums[d - whole] += term(d);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace

double RowDot(const float* a, const float* b, int64_t dim) {
  return SumOf(dim, [=](int64_t d) { return static_cast<double>(a[d]) * b[d]; });
}

double RowDistance(RowMetric metric, const float* a, const float* b, int64_t dim) {
  if (metric == RowMetric::kEuclidean) {
    return std::sqrt(SumOf(dim, [=](int64_t d) {
      const double difference = static_cast<double>(a[d]) - b[d];
      return difference * difference;
    }));
  }
  // The root of the product, not the product of the roots: of equal rows it is the square itself.
  const double norms = std::sqrt(RowDot(a, a, dim) * RowDot(b, b, dim));
  if (norms == 0) return 1;
  return std::clamp(1 - RowDot(a, b, dim) / norms, 0.0, 2.0);
}

}  // namespace pomona
