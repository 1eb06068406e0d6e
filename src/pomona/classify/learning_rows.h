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

  std::vector<std::string> labels;  ///< the classes: labels that are learned, in byte order
  std::vector<int32_t> label;       ///< [rows]: the class, or -1 where it has none
  std::vector<int8_t> fold;         ///< [rows]: 0 to folds - 1 where it is learned from
  std::vector<int32_t> group;       ///< [rows], of the split; empty without one
  int folds = 0;
  bool folds_of_groups = false;     ///< folds are the split's, which keep groups whole
  int64_t unlabelled = 0;           ///< rows without a label
  int64_t of_other_splits = 0;      ///< rows that the split keeps for other uses
  int64_t labels_of_one_fold = 0;   ///< no other fold teaches them: nothing judges answers to them
  int64_t of_unlearned_labels = 0;  ///< rows to calibrate on whose label is not learned

  int64_t Learned() const;
  int64_t Calibrating() const;
};

/// The most classes: their numbers are 16 bits wide in files.
inline constexpr int64_t kMostClasses = 65'535;

/// Reads the labels of `table`, and `split`, a file of `pomona split`, where it is named. Rows of
/// its part `train`, or all rows, are learned from, those of `calibration` calibrate; others are
/// left out, and so are rows with a null or empty label. Folds are the split's; where there are
/// none, the rows of each label are cut into `folds` runs, in the table's order.
///
/// Invalid: the table has no column `label` of text; a split that is not the table's. DamagedData:
/// fewer than two labels, or more than kMostClasses. Cancelled. Memory: 5 bytes a row, and with a
/// split its path.
arrow::Result<LearningRows> ReadLearningRows(FeatureTable& table, const std::string& split,
                                             int folds, const StorageOptions& storage,
                                             const arrow::StopToken& stop);

}  // namespace pomona
