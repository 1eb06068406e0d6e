#include "pomona/pca/feature_projector.h"
#include "pomona/base/work_memory.h"

#include <limits>
#include <utility>

#include "pomona/features/feature_column.h"
#include "pomona/features/feature_rows.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

class ProjectedReader : public arrow::RecordBatchReader {
 public:
  ProjectedReader(std::shared_ptr<arrow::RecordBatchReader> batches,
                  std::unique_ptr<FeatureProjector> projector)
      : batches_(std::move(batches)), projector_(std::move(projector)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return projector_->schema(); }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch));
    if (batch == nullptr) {
      *out = nullptr;
      return Status::OK();
    }
    const int64_t first = std::exchange(next_row_, next_row_ + batch->num_rows());
    return projector_->Project(batch, first).Value(out);
  }

 private:
  const std::shared_ptr<arrow::RecordBatchReader> batches_;
  const std::unique_ptr<FeatureProjector> projector_;
  int64_t next_row_ = 0;
};

}  // namespace

FeatureProjector::FeatureProjector(std::shared_ptr<arrow::Schema> schema, int index, PcaModel model,
                                   FeatureFormat format, int threads)
    : schema_(std::move(schema)),
      index_(index),
      model_(std::move(model)),
      format_(format),
      threads_(threads) {}

Result<std::unique_ptr<FeatureProjector>> FeatureProjector::Make(
    const std::shared_ptr<arrow::Schema>& schema, const std::string& column, PcaModel model,
    FeatureFormat format, int threads) {
  const int index = schema->GetFieldIndex(column);
  if (index < 0) return Status::Invalid("there is no column ", column);
  ARROW_RETURN_NOT_OK(CheckFeatureType(*schema->field(index)->type(), column));
  ARROW_ASSIGN_OR_RAISE(auto projected,
                        schema->SetField(index, arrow::field(column, FeatureColumnType(format))));
  return std::unique_ptr<FeatureProjector>(
      new FeatureProjector(std::move(projected), index, std::move(model), format, threads));
}

Result<std::shared_ptr<arrow::RecordBatch>> FeatureProjector::Project(
    const std::shared_ptr<arrow::RecordBatch>& batch, int64_t first_row) {
  ARROW_ASSIGN_OR_RAISE(const auto rows,
                        FeatureRows::Make(*batch->column(index_), model_.dim(), first_row));
  if (rows.rows() * model_.k() > std::numeric_limits<int32_t>::max()) {
    return Status::Invalid("a batch of ", rows.rows(), " rows is too large for ", model_.k(),
                           " components a row\nhint: read smaller batches");
  }
  ARROW_ASSIGN_OR_RAISE(
      std::shared_ptr<arrow::Buffer> values,
      arrow::AllocateBuffer(rows.rows() * model_.k() * int64_t{sizeof(double)}, WorkMemory()));
  rows.Visit([&](const auto* from, int64_t count) {
    model_.Transform(from, count, reinterpret_cast<double*>(values->mutable_data()), threads_);
  });
  ARROW_ASSIGN_OR_RAISE(auto column, FeatureColumn(values, rows.rows(), model_.k(), format_));
  ARROW_ASSIGN_OR_RAISE(const auto kept, DropNullRows(batch, index_));
  skipped_ += rows.skipped();
  arrow::ArrayVector columns = kept->columns();
  columns[static_cast<size_t>(index_)] = std::move(column);
  return arrow::RecordBatch::Make(schema_, rows.rows(), std::move(columns));
}

Result<std::shared_ptr<arrow::RecordBatchReader>> ProjectFeatures(
    std::shared_ptr<arrow::RecordBatchReader> batches, const PcaModel& model,
    const std::string& column, FeatureFormat format, int threads) {
  ARROW_ASSIGN_OR_RAISE(auto projector,
                        FeatureProjector::Make(batches->schema(), column, model, format, threads));
  return std::make_shared<ProjectedReader>(std::move(batches), std::move(projector));
}

}  // namespace pomona
