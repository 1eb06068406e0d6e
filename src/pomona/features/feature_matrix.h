#pragma once

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pomona/features/feature_table.h"

namespace pomona {

/// The features of a whole table in memory, with what names its rows. A value; cheap to copy.
struct FeatureMatrix {
  int64_t rows = 0;
  int64_t dim = 0;
  int64_t row_dim = 0;  ///< features that a row of the table has; `dim` of them are here
  std::shared_ptr<arrow::Buffer> values;  ///< [rows, dim], float32, row-major, all finite
  /// [rows]; null where the table has no column of that name and of text.
  std::shared_ptr<arrow::StringArray> path, label;
  int64_t skipped = 0;   ///< rows without features, which are left out
  int64_t unusable = 0;  ///< of these, rows whose features are none: see UnusableRows
  /// [rows], which row of the table each is; empty where none was skipped, and they are the same.
  std::vector<int64_t> table_rows;

  int64_t table_row(int64_t i) const {
    return table_rows.empty() ? i : table_rows[static_cast<size_t>(i)];
  }

  /// Invalid, naming the table: there is none of paths.
  arrow::Status CheckHasPaths(const std::string& uri) const;

  std::span<const float> row(int64_t i) const {
    return {reinterpret_cast<const float*>(values->data()) + i * dim, static_cast<size_t>(dim)};
  }
};

/// What is read of a row.
enum class FeaturePart {
  kAll,
  kLastLayer,  ///< LastLayerOf
};

/// What becomes of rows of another length than the first, or with a value that is not finite.
enum class UnusableRows {
  kRefuse,
  kLeaveOut,  ///< as rows without features are; then a matrix may have no rows, and dim 0
};

/// Reads them. `uri`: of the table, for messages. `column` is that of the features. Memory: 4 bytes
/// a feature, twice while it grows. DamagedData, naming file and row: another length than the first
/// row's, a value that is not finite; a table without rows. OutOfMemory. Cancelled by `stop`.
arrow::Result<FeatureMatrix> ReadFeatureMatrix(FeatureTable& table, const std::string& uri,
                                               const std::string& column,
                                               const arrow::StopToken& stop,
                                               FeaturePart part = FeaturePart::kAll,
                                               UnusableRows unusable = UnusableRows::kRefuse);

}  // namespace pomona
