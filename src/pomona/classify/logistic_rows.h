#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classify/labelled_batches.h"
#include "pomona/classify/principal_rows.h"
#include "pomona/linalg/logistic.h"
#include "pomona/linalg/row_panels.h"

namespace pomona {

/// The rows that are learned from and their views, in principal coordinates and in memory, by fold.
/// For one thread at a time.
class LogisticRows {
 public:
  /// So much memory they take at most; what is more is left out by taking fewer axes.
  static constexpr int64_t kMostBytes = int64_t{3} << 29;
  /// Axes at which `rows`, views included, take that.
  static int64_t MostAxes(int64_t rows) { return kMostBytes / (4 * rows); }

  /// `which`, `axes` and `team` live longer. Errors: those of LabelledBatches, Cancelled.
  static arrow::Result<LogisticRows> Read(LabelledBatches batches, const LearningRows& which,
                                          const PrincipalAxes& axes, ThreadTeam& team, int threads,
                                          const arrow::StopToken& stop);

  /// Learned from all folds but `fold` (-1: from all). `path`: of this fold; see FitLogistic.
  const LogisticFit& FitAllBut(int fold, std::span<const double> class_weights, double penalty,
                               double tolerance, LogisticPath* path,
                               const arrow::StopToken& stop) const;

  /// The scores of rows of the table, each by what the other folds taught: `by_fold` are their
  /// weights. Returns [rows][classes].
  std::vector<float> Score(std::span<const size_t> rows,
                           std::span<const LogisticFit> by_fold) const;

 private:
  struct Fold {
    explicit Fold(int64_t dim) : rows(dim), views(dim) {}

    RowPanels rows, views;
    std::vector<int32_t> labels, labels_of_views;
    std::vector<size_t> places;  ///< of the rows in the table, ascending
  };

  LogisticRows(const LearningRows& which, const PrincipalAxes& axes, ThreadTeam& team, int threads)
      : which_(which), axes_(axes), team_(team), threads_(threads) {}

  const LearningRows& which_;
  const PrincipalAxes& axes_;
  ThreadTeam& team_;
  const int threads_;
  std::vector<Fold> folds_;
};

}  // namespace pomona
