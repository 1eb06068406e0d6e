#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/projection.h"

namespace pomona {

/// Cosines of rows and the means of classes. Immutable, thread-safe.
class CosineScores {
 public:
  /// class_means: [classes][rank]. A class whose mean is 0 has the score 0 for all rows.
  CosineScores(std::span<const double> class_means, int64_t rank);

  int64_t classes() const { return classes_; }

  /// z: [count, rank], row-major. out: [count, classes], row-major, -1 to 1; 0 where z is 0.
  void Of(const double* z, int64_t count, float* out, ThreadTeam& team) const;

 private:
  const int64_t rank_;
  const int64_t classes_;
  Projection units_;  ///< the means, of length 1
};

}  // namespace pomona
