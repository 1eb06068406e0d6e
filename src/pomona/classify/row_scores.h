#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/classify/mean_scores.h"
#include "pomona/linalg/projection.h"

namespace pomona {

/// What scores rows, as Classifier shows it. Views: for the time of a call.
struct ScoringNumbers {
  ScoreKind kind = ScoreKind::kCosine;
  std::span<const double> mean;         ///< [dim]
  std::span<const double> projection;   ///< [rank][dim]; empty: z is the row less the mean
  std::span<const double> class_means;  ///< [classes][rank]
  int64_t rank = 0;
  std::span<const double> weights;  ///< [classes][dim], or empty: the discriminant scores
  std::span<const double> bias;     ///< [classes], with the weights
};

/// Scores of rows for each class, and how unlike all of them they are. Immutable, thread-safe.
class RowScores {
 public:
  explicit RowScores(const ScoringNumbers& numbers);

  /// rows: [count, dim], row-major. scores: [count, classes]; unknown: [count].
  void Of(const float* rows, int64_t count, float* scores, float* unknown, ThreadTeam& team) const;

 private:
  const int64_t dim_, rank_;
  std::optional<Projection> projection_;
  const std::vector<double> mean_;
  const MeanScores means_;
  std::optional<Projection> linear_;
  const std::vector<double> bias_;
};

}  // namespace pomona
