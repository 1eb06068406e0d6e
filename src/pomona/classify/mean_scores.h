#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/linalg/projection.h"

namespace pomona {

/// How near rows are to the means of classes. Immutable, thread-safe.
class MeanScores {
 public:
  /// class_means: [classes][rank].
  MeanScores(ScoreKind kind, std::span<const double> class_means, int64_t rank);

  int64_t classes() const { return classes_; }

  /// z: [count, rank], row-major. scores: [count, classes], row-major: see ScoreKind; finite.
  /// unknown: [count]: how far a row is from the nearest mean, 1 less its cosine, or the squared
  /// distance.
  void Of(const double* z, int64_t count, float* scores, float* unknown, ThreadTeam& team) const;

 private:
  const ScoreKind kind_;
  const int64_t rank_;
  const int64_t classes_;
  Projection means_;            ///< of length 1 for cosines
  std::vector<double> halves_;  ///< [classes]: half the squared length of each mean; 0 for cosines
};

}  // namespace pomona
