#pragma once

#include <cstdint>

namespace pomona {

/// dots[i] = the inner product of row i of `rows` [count, dim] and `query` [dim]. Exact: the caller
/// sees to it that a sum of products' sizes stays below 2^31. Chosen at run time. Thread-safe.
/// Cost: a byte of memory a feature, and little else.
void SiftDots(const int8_t* rows, int64_t count, int64_t dim, const int16_t* query, int32_t* dots);

}  // namespace pomona
