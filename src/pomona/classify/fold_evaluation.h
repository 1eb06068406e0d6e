#pragma once

#include <arrow/result.h>

#include "pomona/classify/calibration.h"
#include "pomona/classify/held_out.h"
#include "pomona/classify/learning_rows.h"
#include "pomona/evaluation.h"

namespace pomona {

/// What the held-out rows of all folds but this one calibrate.
Calibration CalibrateOthers(const HeldOut& held_out, const LearningRows& which, int fold,
                            double coverage, double false_alarms, int threads);

/// How good answers to held-out rows are: those of each fold with the sureness and the quantile
/// that the rows of all other folds give, so that nothing of a row is in what it is judged by.
/// Intervals are of whole groups, where there are groups. Not without rows.
arrow::Result<Evaluation> EvaluateFolds(const HeldOut& held_out, const LearningRows& which,
                                        double coverage, double false_alarms, int threads);

/// The same of rows of a table of their own, with the calibration that they themselves gave, which
/// is too kind: it says so.
arrow::Result<Evaluation> EvaluateValidation(const HeldOut& held_out, const LearningRows& which,
                                             const Calibration& calibration, double coverage);

}  // namespace pomona
