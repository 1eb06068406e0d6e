#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pomona/classifier.h"

namespace pomona {

/// Rows of features with a classifier's answers in place of them. For one thread.
class AnsweredRows {
 public:
  /// `schema`: the columns of all batches, `column` of them the features.
  AnsweredRows(const std::shared_ptr<arrow::Schema>& schema, std::string column,
               Classifier classifier, int threads);

  /// The columns that come out: docs/format/classifier.md.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  /// Rows without features are left out. DamagedData, with the row counted from `first_row`:
  /// another length than the classifier's dim, a value that is not finite.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Answer(
      const std::shared_ptr<arrow::RecordBatch>& batch, int64_t first_row);

  int64_t skipped() const { return skipped_; }
  int64_t unknown() const { return unknown_; }
  int64_t single() const { return single_; }

 private:
  const std::string column_;
  const Classifier classifier_;
  const int threads_;
  std::shared_ptr<arrow::Schema> schema_;
  int kept_columns_ = 0;
  int64_t skipped_ = 0;
  int64_t unknown_ = 0;
  int64_t single_ = 0;
};

}  // namespace pomona
