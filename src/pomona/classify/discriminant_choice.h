#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <functional>
#include <optional>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/learning_rows.h"
#include "pomona/classify/slice_sets.h"

namespace pomona {

/// By which a discriminant names rows best that it was not learned from.
struct DiscriminantChoice {
  SliceSet set;
  double shrinkage = 0;
  ScoreKind score = ScoreKind::kCosine;
  HeldOut held_out;  ///< what it says of the rows of each fold, by what the others taught
};

/// What it is chosen from. Everything lives as long as the call.
struct DiscriminantQuestion {
  const FoldStatistics& statistics;
  const LearningRows& which;
  const std::vector<FeatureSlice>& slices;
  std::optional<double> shrinkage;                       ///< given, not chosen
  std::optional<ScoreKind> score;                        ///< given, not chosen
  std::function<arrow::Result<LabelledBatches>()> pass;  ///< over the rows, without views
};

/// Chooses slices, score and shrinkage, as far as they are not given; slices and score only where
/// the folds keep groups whole. DamagedData: nothing tells the labels apart. Cancelled.
arrow::Result<DiscriminantChoice> ChooseDiscriminant(const DiscriminantQuestion& question,
                                                     ThreadTeam& team, int threads,
                                                     const arrow::StopToken& stop);

}  // namespace pomona
