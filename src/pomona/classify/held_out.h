#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classify/classifier_fields.h"
#include "pomona/classify/discriminant.h"
#include "pomona/classify/labelled_batches.h"
#include "pomona/classify/row_scores.h"

namespace pomona {

/// What the share of right names is of.
enum class RightShare {
  kOfRows,    ///< each row counts the same
  kOfLabels,  ///< each label that is there counts the same, however many rows it has
};

/// The share of rows whose label has the highest score, the first of equals; 0 without rows.
/// scores: [labels.size()][classes].
double ShareRight(std::span<const float> scores, std::span<const int> labels, int64_t classes,
                  RightShare share);

/// What a classifier says of rows that it was not learned from.
struct HeldOut {
  std::vector<float> scores;   ///< [rows][classes]
  std::vector<float> unknown;  ///< [rows]
  std::vector<int> labels;     ///< [rows]
  std::vector<size_t> rows;    ///< [rows]: which of the table

  double Right(int64_t classes, RightShare share) const {
    return ShareRight(scores, labels, classes, share);
  }
};

/// How many rows are looked at: what says how sure answers are does not grow with the table.
struct HeldOutLimit {
  static constexpr int64_t kMostRows = 100'000;
  static constexpr int64_t kMostScores = int64_t{64} << 20;

  /// Every so many-th of `rows` rows, where each has `scores` scores.
  static int64_t Step(int64_t rows, int64_t scores);
};

/// Which rows are scored: as many as HeldOutLimit says, or each.
enum class ScoredRows { kEnough, kAll };

/// The scores of rows of each fold by the discriminants of all other folds. `by_fold`: [folds][k],
/// those of a fold's others. A row whose label none of the others has is passed over. Returns
/// [kinds][k].
arrow::Result<std::vector<HeldOut>> ScoreFolds(
    LabelledBatches batches, const LearningRows& which,
    const std::vector<std::vector<Discriminant>>& by_fold, std::span<const ScoreKind> kinds,
    ScoredRows rows, ThreadTeam& team, const arrow::StopToken& stop);

/// The scores of the rows that calibrate.
arrow::Result<HeldOut> ScoreCalibration(LabelledBatches batches, const LearningRows& which,
                                        const RowScores& scores, ThreadTeam& team,
                                        const arrow::StopToken& stop);

}  // namespace pomona
