#include "pomona/read_features.h"

#include <arrow/array.h>
#include <arrow/type.h>

#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_table.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

class FeatureColumnReader : public arrow::RecordBatchReader {
 public:
  FeatureColumnReader(std::unique_ptr<FeatureTable> table, std::unique_ptr<TableBatches> batches,
                      std::shared_ptr<arrow::Schema> schema)
      : schema_(std::move(schema)), table_(std::move(table)), batches_(std::move(batches)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    if (batches_ == nullptr) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(auto next, batches_->Next());
    if (!next) return Status::OK();
    const auto& type = next->batch->column(0)->type();
    if (!type->Equals(*schema_->field(0)->type())) {
      return DamagedData(ShownUri(next->file), ": features are ", type->ToString(),
                         ", in other files ", schema_->field(0)->type()->ToString());
    }
    *batch = arrow::RecordBatch::Make(schema_, next->batch->num_rows(), next->batch->columns());
    return Status::OK();
  }

  Status Close() override {
    batches_.reset();
    return Status::OK();
  }

 private:
  const std::shared_ptr<arrow::Schema> schema_;
  const std::unique_ptr<FeatureTable> table_;  // outlives what reads it
  std::unique_ptr<TableBatches> batches_;
};

}  // namespace

Status ReadFeaturesOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(table, column, storage));
  ARROW_RETURN_NOT_OK(CheckThreads(threads));
  return Status::OK();
}

Result<std::shared_ptr<arrow::RecordBatchReader>> ReadFeatures(const ReadFeaturesOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  ARROW_ASSIGN_OR_RAISE(auto table, FeatureTable::Open({.uri = options.table,
                                                        .column = options.column,
                                                        .threads = threads,
                                                        .storage = options.storage}));
  auto schema = arrow::schema({table->schema()->GetFieldByName(options.column)});
  ARROW_ASSIGN_OR_RAISE(auto batches, table->Read({options.column}));
  return std::make_shared<FeatureColumnReader>(std::move(table), std::move(batches),
                                               std::move(schema));
}

}  // namespace pomona
