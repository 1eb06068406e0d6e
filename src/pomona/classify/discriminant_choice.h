#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <optional>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/judged_rows.h"
#include "pomona/classify/slice_sets.h"

namespace pomona {

/// By which a discriminant names rows best that it was not learned from.
struct DiscriminantChoice {
  SliceSet set;
  double shrinkage = 0;
  ScoreKind score = ScoreKind::kCosine;
  HeldOut held_out;  ///< what it says of the judged rows
};

/// What it is chosen from. Everything lives as long as the call.
struct DiscriminantQuestion {
  const FoldStatistics& statistics;
  const JudgedRows& judged;
  const std::vector<FeatureSlice>& slices;
  std::optional<double> shrinkage;  ///< given, not chosen
  std::optional<ScoreKind> score;   ///< given, not chosen
};

/// Chooses slices, score and shrinkage, as far as they are not given; slices and score of folds
/// only where these keep groups whole. Folds choose slices and score by how likely they make the
/// labels; a table of its own all by the share of labels that are named rightly, and the likelihood
/// of equals. DamagedData: nothing tells the labels apart. Cancelled.
arrow::Result<DiscriminantChoice> ChooseDiscriminant(const DiscriminantQuestion& question,
                                                     ThreadTeam& team, int threads,
                                                     const arrow::StopToken& stop);

}  // namespace pomona
