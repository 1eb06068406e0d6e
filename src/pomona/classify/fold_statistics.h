#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pomona/classify/class_statistics.h"
#include "pomona/classify/discriminant.h"
#include "pomona/classify/labelled_batches.h"
#include "pomona/features/feature_table.h"

namespace pomona {

/// Statistics of the rows of each fold apart, so that one pass serves the discriminant of all of
/// them and those of all but one fold. For one thread at a time.
class FoldStatistics {
 public:
  /// Takes in all rows of `batches` that have a fold, and their views. `views`: how many of those.
  static arrow::Result<FoldStatistics> Read(LabelledBatches& batches, const LearningRows& which,
                                            int threads, const arrow::StopToken& stop,
                                            int64_t* views);

  int64_t dim() const { return folds_.front()->dim(); }

  /// Of all folds but this one; -1: of all.
  std::unique_ptr<ClassStatistics> AllBut(int fold) const;

 private:
  std::vector<std::unique_ptr<ClassStatistics>> folds_;
  int threads_ = 1;
};

/// A discriminant for each shrinkage, from the same statistics: what does not depend on it is done
/// once.
class DiscriminantFamily {
 public:
  /// `slices`: lengths of the parts of a row that were made in one way, which get one factor each,
  /// so that each varies as much as the others in all. Their sum is the statistics' dim.
  DiscriminantFamily(std::unique_ptr<ClassStatistics> statistics, std::span<const int64_t> slices);

  Discriminant Solve(double shrinkage) const;
  const ClassStatistics& statistics() const { return *statistics_; }

 private:
  std::unique_ptr<ClassStatistics> statistics_;
  std::vector<double> means_;
  std::vector<double> within_;
  std::vector<double> factors_;
};

}  // namespace pomona
