#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <optional>

#include "pomona/base/thread_team.h"
#include "pomona/classifier.h"
#include "pomona/classify/fold_statistics.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/judged_rows.h"

namespace pomona {

/// What a method says of the judged rows.
struct JudgedMethod {
  ScoreKind score;
  HeldOut held_out;
  double right;  ///< the share of its names that are right, as JudgedRows::share has it
};

/// What the means of the classes say of them, as they are, by the kind of score that is given; else
/// by the angle, or, of rows of a table of their own, by the kind that names more of them rightly.
/// Errors: those of LabelledBatches, Cancelled.
arrow::Result<JudgedMethod> JudgeCentroids(const FoldStatistics& statistics,
                                           const JudgedRows& judges, std::optional<ScoreKind> score,
                                           ThreadTeam& team, const arrow::StopToken& stop);

}  // namespace pomona
