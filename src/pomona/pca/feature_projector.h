#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pomona/base/thread_team.h"
#include "pomona/feature_format.h"
#include "pomona/pca.h"

namespace pomona {

/// Replaces a batch's features by their projection. For one thread.
class FeatureProjector {
 public:
  /// `schema`: of the batches. Invalid: no such column, or none that holds features.
  static arrow::Result<std::unique_ptr<FeatureProjector>> Make(
      const std::shared_ptr<arrow::Schema>& schema, const std::string& column, PcaModel model,
      FeatureFormat format, int threads);

  /// The schema of what Project returns.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  /// Rows without features that were left out so far.
  int64_t skipped() const { return skipped_; }

  /// Invalid as FeatureRows::Make; rows are counted from `first_row`.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Project(
      const std::shared_ptr<arrow::RecordBatch>& batch, int64_t first_row);

 private:
  FeatureProjector(std::shared_ptr<arrow::Schema> schema, int index, PcaModel model,
                   FeatureFormat format, int threads);

  const std::shared_ptr<arrow::Schema> schema_;
  const int index_;
  const PcaModel model_;
  const FeatureFormat format_;
  const int threads_;
  int64_t skipped_ = 0;
};

}  // namespace pomona
