#pragma once

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/predict.h"

namespace pomona {

/// Rows of features with the answers of classifiers in place of them. For one thread.
class AnsweredRows {
 public:
  /// `schema`: the columns of all batches, `column` of them the features. `classifiers`: those of
  /// one file.
  AnsweredRows(const std::shared_ptr<arrow::Schema>& schema, std::string column,
               std::vector<Classifier> classifiers, int threads);

  /// The columns that come out: docs/format/classifier.md.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  /// Rows without features are left out. DamagedData, with the row counted from `first_row`:
  /// another length than the classifier's dim, a value that is not finite.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Answer(
      const std::shared_ptr<arrow::RecordBatch>& batch, int64_t first_row);

  int64_t skipped() const { return skipped_; }
  /// [classifiers]
  const std::vector<TargetAnswers>& counts() const { return counts_; }

 private:
  arrow::Result<arrow::ArrayVector> AnswersOf(const Classifier& classifier,
                                              const std::vector<float>& features, int64_t rows,
                                              TargetAnswers* counts) const;

  const std::string column_;
  const std::vector<Classifier> classifiers_;
  const int threads_;
  std::shared_ptr<arrow::Schema> schema_;
  int kept_columns_ = 0;
  int64_t skipped_ = 0;
  std::vector<TargetAnswers> counts_;
};

}  // namespace pomona
