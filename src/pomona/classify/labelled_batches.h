#pragma once

#include <arrow/array/array_binary.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/classify/learning_rows.h"
#include "pomona/features/feature_table.h"

namespace pomona {

/// Some rows that are not left out, with their features as one matrix.
struct LabelledBatch {
  std::vector<int64_t> rows;    ///< [n]: which of the table
  std::vector<float> features;  ///< [n][dim]
  std::vector<float> views;     ///< [n][views_a_row][dim]; empty where none are asked for
  int64_t views_a_row = 0;
  std::shared_ptr<arrow::StringArray> paths;  ///< [n]; null where they are not asked for
};

/// What is read of them.
struct LabelledColumns {
  std::string features;
  bool views = false;  ///< the column of views as well, if there is one
  bool paths = false;  ///< the column of paths as well, if there is one
};

/// A pass over a table's rows that are learned from or calibrate. For one thread.
class LabelledBatches {
 public:
  /// `table` and `which` live longer. `dim`: features of a row; 0: as many as the first has.
  static arrow::Result<LabelledBatches> Open(FeatureTable& table, const LearningRows& which,
                                             LabelledColumns columns, int64_t dim = 0);

  /// Nothing at the end. Rows without features are left out, and counted. DamagedData, naming file
  /// and row: another length, a value that is not finite, a row with another number of views.
  arrow::Result<std::optional<LabelledBatch>> Next();

  int64_t dim() const { return dim_; }          ///< known after the first batch
  int64_t skipped() const { return skipped_; }  ///< rows without features so far

 private:
  LabelledBatches() = default;
  arrow::Status Take(const TableBatch& batch, LabelledBatch* taken);
  arrow::Status TakeViews(const arrow::RecordBatch& batch, int64_t first_row, LabelledBatch* taken);

  const LearningRows* which_ = nullptr;
  LabelledColumns columns_;
  std::unique_ptr<TableBatches> batches_;
  int64_t row_ = 0;
  int64_t dim_ = 0;
  int64_t views_a_row_ = -1;
  int64_t skipped_ = 0;
};

}  // namespace pomona
