#pragma once

#include <arrow/result.h>

#include <optional>

#include "pomona/classify/learning_rows.h"
#include "pomona/classify/train_tables.h"
#include "pomona/train.h"

namespace pomona {

/// Learns one target from the rows `which`, and writes nothing. `validation`: the rows of
/// `tables.validate`, if that is there. Of the report, names and times of the call are not set.
/// Errors: those of Train. Throws std::bad_alloc.
arrow::Result<TrainReport> LearnTarget(const TrainTables& tables, LearningRows which,
                                       std::optional<LearningRows> validation,
                                       const TrainOptions& options, int threads);

}  // namespace pomona
