#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <span>
#include <string>

#include "pomona/classify/held_out.h"
#include "pomona/classify/labelled_batches.h"
#include "pomona/classify/learning_rows.h"
#include "pomona/features/feature_table.h"

namespace pomona {

/// The rows by which is chosen how to learn: those of training, each judged by what the other folds
/// teach; or those of a table of their own, judged by what all rows of training teach. Views: for
/// the time of a call.
struct JudgedRows {
  FeatureTable& table;
  const LearningRows& which;  ///< of a table of their own: one fold
  std::string column;
  int64_t dim = 0;
  bool of_training = true;
  /// [dim]: from where they are seen. Empty: from the mean of the rows that taught.
  std::span<const double> mean = {};

  /// The fold of training that does not teach what judges this one; -1: all teach.
  int Without(int fold) const { return of_training ? fold : -1; }

  /// Of a table of their own labels count the same: a shop has more apples than figs.
  RightShare share() const { return of_training ? RightShare::kOfRows : RightShare::kOfLabels; }

  /// A pass over them, without views.
  arrow::Result<LabelledBatches> Pass() const {
    return LabelledBatches::Open(table, which, {.features = column}, dim);
  }
};

}  // namespace pomona
