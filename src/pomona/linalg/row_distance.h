#pragma once

#include <cstdint>

namespace pomona {

/// Rows in memory: [rows, dim], float32, row-major, all finite. A view.
struct Rows {
  const float* values = nullptr;
  int64_t count = 0;
  int64_t dim = 0;

  const float* row(int64_t i) const { return values + i * dim; }
};

/// How far two rows are from each other.
enum class RowMetric {
  kCosine,     ///< 1 less the cosine of their angle, 0 to 2; 1 where one of them is all zeros
  kEuclidean,  ///< the root of the sum of squared differences
};

/// The inner product of two rows, in double: eight sums, put together in one order.
double RowDot(const float* a, const float* b, int64_t dim);

/// The distance of two rows, in double; exactly 0 of equal ones that are not all zeros.
double RowDistance(RowMetric metric, const float* a, const float* b, int64_t dim);

}  // namespace pomona
