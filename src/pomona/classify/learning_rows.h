#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/features/feature_table.h"

namespace pomona {

/// What each row of a table is for.
struct LearningRows {
  static constexpr int8_t kLeftOut = -1;
  static constexpr int8_t kCalibrates = -2;

  std::vector<std::string> labels;  ///< the classes, in byte order
  std::vector<int32_t> label;       ///< [rows]: the class, or -1 where it has none
  std::vector<int8_t> fold;         ///< [rows]: 0 to folds - 1 where it is learned from
  int folds = 0;

  int64_t Count(int8_t least) const;
};

/// The most classes: their numbers are 16 bits wide in files.
inline constexpr int64_t kMostClasses = 65'535;

/// Reads the labels of `table` and takes each row that has one to be learned from. Of each label
/// the rows are cut into `folds` runs, in the table's order. Rows with a null or empty label are
/// left out. Invalid: the table has no column `label` of text. DamagedData: fewer than two labels,
/// or more than kMostClasses. Cancelled. Memory: 5 bytes a row.
arrow::Result<LearningRows> ReadLearningRows(FeatureTable& table, int folds,
                                             const arrow::StopToken& stop);

}  // namespace pomona
