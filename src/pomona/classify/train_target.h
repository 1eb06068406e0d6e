#pragma once

#include <arrow/result.h>

#include <memory>
#include <optional>
#include <string>

#include "pomona/classify/learning_rows.h"
#include "pomona/features/feature_table.h"
#include "pomona/train.h"

namespace pomona {

/// The tables of one call of Train, each opened once for all targets.
struct TrainTables {
  std::unique_ptr<FeatureTable> features;
  std::unique_ptr<FeatureTable> like;      ///< of photos without labels; null: none
  std::unique_ptr<FeatureTable> validate;  ///< of labelled rows that judge; null: folds do

  /// Those that `options` name, proved. Invalid: as FeatureTable::Open; like and validate are of
  /// different kinds.
  static arrow::Result<TrainTables> Open(const TrainOptions& options, int threads);
};

/// Where the labels of a target come from. `target`: empty: the map's first.
LearningSource LearningSourceOf(const TrainOptions& options, const std::string& target);

/// Learns one target from the rows `which`, and writes nothing. `validation`: the rows of
/// `tables.validate`, if that is there. Of the report, names and times of the call are not set.
/// Errors: those of Train. Throws std::bad_alloc.
arrow::Result<TrainReport> LearnTarget(const TrainTables& tables, LearningRows which,
                                       std::optional<LearningRows> validation,
                                       const TrainOptions& options, int threads);

}  // namespace pomona
