#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/features/feature_matrix.h"
#include "pomona/projection.h"

namespace pomona {

/// Rows of a table with their place in the plane and their neighbours. For one thread.
class MappedRows {
 public:
  /// `schema`: the columns of all batches; `dropped` of them are left out. `matrix` says which row
  /// of the table each of `places` is; its values are not read. Both live longer.
  MappedRows(const arrow::Schema& schema, const std::vector<std::string>& dropped,
             const FeatureMatrix& matrix, const PlaneProjection& places);

  /// The columns that come out.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  /// The rows that come after those of the last call.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Map(const arrow::RecordBatch& batch);

 private:
  arrow::Result<arrow::ArrayVector> Places(int64_t rows);

  const FeatureMatrix& matrix_;
  const PlaneProjection& places_;
  std::shared_ptr<arrow::Schema> schema_;
  int kept_columns_ = 0;
  int64_t row_ = 0;   ///< of the table
  int64_t next_ = 0;  ///< of the matrix
};

}  // namespace pomona
