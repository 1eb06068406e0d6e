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

/// Where rows lie among the classes: z. Immutable, thread-safe.
class RowPositions {
 public:
  explicit RowPositions(const ScoringNumbers& numbers);

  int64_t dim() const { return static_cast<int64_t>(mean_.size()); }
  int64_t rank() const { return rank_; }

  /// rows: [count, dim], z: [count, rank], both row-major.
  void Of(const float* rows, int64_t count, double* z, ThreadTeam& team) const;

 private:
  const int64_t rank_;
  const std::vector<double> mean_;
  std::optional<Projection> projection_;
};

/// Scores of rows for each class, and how unlike all of them they are. Immutable, thread-safe.
class RowScores {
 public:
  explicit RowScores(const ScoringNumbers& numbers);

  /// How rows lie to some of training: which of those are nearest.
  struct Nearest {
    const MeanScores& prototypes;
    int64_t wanted = 0;  ///< at most prototypes.classes()
    int32_t* found;      ///< [count, wanted], the nearest first
  };
  /// rows: [count, dim], row-major. scores: [count, classes]; unknown: [count]. `nearest`: null
  /// where that is not asked.
  void Of(const float* rows, int64_t count, float* scores, float* unknown, ThreadTeam& team,
          const Nearest* nearest = nullptr) const;

 private:
  const RowPositions positions_;
  const MeanScores means_;
  std::optional<Projection> linear_;
  const std::vector<double> bias_;
};

}  // namespace pomona
