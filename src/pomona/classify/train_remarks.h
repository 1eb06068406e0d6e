#pragma once

#include <cstddef>
#include <cstdint>

#include "pomona/classify/learning_rows.h"
#include "pomona/classify/logistic_training.h"
#include "pomona/train.h"

namespace pomona {

/// Adds to `report` what people should know of the rows: what was chosen for them, what was left
/// out. `validation`: the rows of a table that judged; null: folds did. `without_features`: rows.
void RemarkOnRows(const LearningRows& which, const LearningRows* validation,
                  int64_t without_features, TrainReport* report);

/// The same of logistic regression that was kept. `features`: those that it might have learned
/// from; `discriminant`: the share of names that this got right.
void RemarkOnLogistic(const LearnedLogistic& learned, size_t features, double discriminant,
                      TrainReport* report);

}  // namespace pomona
