#pragma once

#include <cstdint>

namespace pomona {

/// Rows that are packed together on the left and on the right of DotTiles.
inline constexpr int64_t kDotRows = 12;
inline constexpr int64_t kDotColumns = 16;

/// One tile of inner products, in float32:
///
///   c[i * c_stride + j] += sum over d < depth of a[d * 12 + i] * b[j / 16 * b_stride + d * 16 + j
///   % 16]
///
/// with i < 12 and j < 16 * `panels`, `panels` 1 or 2; with `first`, c counts as zero. `b` and `c`
/// are aligned to 64 bytes, and both strides are multiples of 16. Each sum is taken over d in
/// order, with a fused multiply-add where this CPU has one: it does not depend on where in a tile
/// it is, nor on which of the two rows is on the left. Chosen at run time (AVX-512, AVX2, SSE,
/// NEON). Thread-safe.
void DotTiles(const float* a, const float* b, int64_t b_stride, int64_t panels, int64_t depth,
              float* c, int64_t c_stride, bool first);

/// The first j in `from` to `count` - 1 with scores[j] - minus[j] > least[j]; `count` if there is
/// none. NextAboveOfRow has one `least` for all, NextAboveOfColumn one `minus`. Thread-safe.
int64_t NextAboveOfRow(const float* scores, const float* minus, float least, int64_t from,
                       int64_t count);
int64_t NextAboveOfColumn(const float* scores, float minus, const float* least, int64_t from,
                          int64_t count);

}  // namespace pomona
