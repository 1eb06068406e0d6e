#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/features/feature_table.h"
#include "pomona/storage.h"

namespace pomona {

/// What each row of a table is for.
struct LearningRows {
  static constexpr int8_t kLeftOut = -1;
  static constexpr int8_t kCalibrates = -2;

  std::string target;               ///< of the label map; empty without one
  std::vector<std::string> labels;  ///< the classes: labels that are learned, in byte order
  std::vector<int32_t> label;       ///< [rows]: the class, or -1 where it has none
  std::vector<int8_t> fold;         ///< [rows]: 0 to folds - 1 where it is learned from
  std::vector<int32_t> group;       ///< [rows], of the split; empty without one
  int folds = 0;
  bool folds_of_groups = false;      ///< folds are the split's, which keep groups whole
  int64_t unlabelled = 0;            ///< rows without a label
  int64_t of_other_splits = 0;       ///< rows that the split keeps for other uses
  int64_t labels_of_one_fold = 0;    ///< no other fold teaches them: nothing judges answers to them
  int64_t of_unlearned_labels = 0;   ///< rows to calibrate on, or to judge by, of no class
  std::string split_digest;          ///< SplitRows::digest; empty without a split
  std::vector<std::string> remarks;  ///< of the label map

  int64_t Learned() const;
  int64_t Calibrating() const;

  /// Puts all rows that are learned from in one fold: for whoever judges by other rows.
  void JoinFolds();
};

/// Where they come from.
struct LearningSource {
  std::string split;      ///< a file of `pomona split`; empty: all rows are learned from
  std::string label_map;  ///< see LabelSource
  std::string target;
  int folds = 5;  ///< where the split has none
};

/// Reads the labels of `table`, and the split, where there is one. Rows of its part `train`, or all
/// rows, are learned from, those of `calibration` calibrate; others are left out, and so are rows
/// without a label. Folds are the split's; where there are none, the rows of each label are cut
/// into `folds` runs, in the table's order.
///
/// Invalid: see ReadRowLabels; a split that is not the table's. DamagedData: fewer than two labels,
/// or more than kMostLabels. Cancelled. Memory: 5 bytes a row, and with a split its path.
arrow::Result<LearningRows> ReadLearningRows(FeatureTable& table, const LearningSource& source,
                                             const StorageOptions& storage,
                                             const arrow::StopToken& stop);

/// The rows of another table that judge what is learned from `learned`: of one fold are those whose
/// label is a class, all others are left out and counted. Labels come by the map of `source`, which
/// has no other use. Invalid: see ReadRowLabels; no row is of a class.
arrow::Result<LearningRows> ReadValidationRows(FeatureTable& table, const LearningRows& learned,
                                               const LearningSource& source,
                                               const StorageOptions& storage,
                                               const arrow::StopToken& stop);

/// Of a table whose rows are all learned from, without a split. groups: [rows], numbers from 0 to
/// below the rows, which are dealt whole to `folds` folds, or as many as there are groups, labels
/// alike (ShareGroups); empty: the rows of each label are cut into `folds` runs. Invalid: a row
/// without a label, groups that are not that, or one group. DamagedData: as above.
arrow::Result<LearningRows> LearnAllRows(FeatureTable& table, const std::vector<int32_t>& groups,
                                         int folds, const arrow::StopToken& stop);

}  // namespace pomona
