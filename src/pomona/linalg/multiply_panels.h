#pragma once

#include <cstdint>

#include "pomona/linalg/panels.h"

namespace pomona {

/// The one inner loop of PCA, for the scatter matrix and for the projection:
///
///   c[j * c_stride + i] += sum over r < depth of b[r * 8 + j] * a[i / 8 * a_stride + r * 8 + i %
///   8]
///
/// with j < 8 and i < 8 * `panels`; `panels` is 1 to kPanelGroup. `a`, `b` and `c` are aligned to
/// 64 bytes, `c_stride` is a multiple of 8. In double throughout; with the widest fused
/// multiply-add that this CPU has, chosen at run time (AVX-512, AVX2, SSE, NEON). The order of
/// the sum does not depend on `panels`. Thread-safe.
void MultiplyPanels(const double* a, int64_t a_stride, int64_t panels, const double* b,
                    int64_t depth, double* c, int64_t c_stride);

}  // namespace pomona
