#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "pomona/classify/class_statistics.h"
#include "pomona/classify/discriminant.h"
#include "pomona/classify/labelled_batches.h"
#include "pomona/classify/slice_sets.h"
#include "pomona/features/feature_table.h"

namespace pomona {

/// Statistics of the rows of each fold apart, so that one pass serves the discriminant of all of
/// them and those of all but one fold. For one thread at a time.
class FoldStatistics {
 public:
  /// Takes in all rows of `batches` that have a fold, and their views. `views`: how many of those.
  /// `also` sees each batch as well, where it is given.
  static arrow::Result<FoldStatistics> Read(
      LabelledBatches& batches, const LearningRows& which, int threads,
      const arrow::StopToken& stop, int64_t* views,
      const std::function<void(const LabelledBatch&)>& also = {});

  int64_t dim() const { return folds_.front()->dim(); }

  /// Of all folds but this one; -1: of all.
  ClassMoments AllBut(int fold) const;

 private:
  std::vector<std::unique_ptr<ClassStatistics>> folds_;
  int threads_ = 1;
};

/// Discriminants from the same moments, by other slices and other shrinkages. Immutable,
/// thread-safe.
class DiscriminantFamily {
 public:
  /// Each slice gets one factor, so that it varies as much in all as any other. Their lengths add
  /// up to the moments' dim.
  DiscriminantFamily(ClassMoments moments, std::vector<FeatureSlice> slices);

  /// With directions over all features: 0 for those that are not in the set.
  Discriminant Solve(const SliceSet& set, double shrinkage) const;
  const ClassMoments& moments() const { return moments_; }
  /// [dim]: what each feature is multiplied by.
  const std::vector<double>& factors() const { return factors_; }

 private:
  const ClassMoments moments_;
  const std::vector<FeatureSlice> slices_;
  const std::vector<double> factors_;  ///< [dim]
};

}  // namespace pomona
