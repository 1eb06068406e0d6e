#pragma once

#include <cstdint>

namespace pomona {

/// What one row adds.
struct RowLoss {
  double loss = 0;       ///< the negative log likelihood of its label, natural logarithm, weighted
  double curvature = 0;  ///< 1 less the sum of the squared probabilities, weighted
};

/// Scores of one row become weight * (softmax(scores) - 1 at `label`), in place, in float32.
/// scores: [padded] with `classes` of them used; the others become 0; `padded` is a multiple of 16,
/// and scores are aligned to 64 bytes. Thread-safe.
RowLoss SoftmaxResidual(float* scores, int64_t classes, int64_t padded, int64_t label,
                        float weight);

}  // namespace pomona
