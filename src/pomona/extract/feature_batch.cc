#include "pomona/extract/feature_batch.h"

#include <cstring>
#include <utility>

#include "pomona/base/work_memory.h"
#include "pomona/extract.h"
#include "pomona/list.h"

namespace pomona {
namespace {

std::shared_ptr<arrow::DataType> FeaturesType() {
  return arrow::list(arrow::field("element", arrow::float32()));
}

}  // namespace

std::shared_ptr<arrow::Schema> WithFeatures(const arrow::Schema& columns) {
  auto fields = columns.fields();
  fields.push_back(arrow::field("features", FeaturesType()));
  fields.push_back(arrow::field("reject", arrow::utf8()));
  fields.push_back(arrow::field("message", arrow::utf8()));
  return arrow::schema(std::move(fields));
}

std::shared_ptr<arrow::Schema> FeatureSchema() { return WithFeatures(*ReferenceSchema()); }

std::shared_ptr<arrow::Schema> ImageFeatureSchema() { return WithFeatures(*arrow::schema({})); }

arrow::Result<std::unique_ptr<FeatureBatch>> FeatureBatch::Make(
    std::shared_ptr<arrow::RecordBatch> columns, int feature_dim) {
  ARROW_ASSIGN_OR_RAISE(
      auto values, arrow::AllocateResizableBuffer(columns->num_rows() * feature_dim * sizeof(float),
                                                  WorkMemory()));
  return std::unique_ptr<FeatureBatch>(
      new FeatureBatch(std::move(columns), feature_dim, std::move(values)));
}

FeatureBatch::FeatureBatch(std::shared_ptr<arrow::RecordBatch> columns, int feature_dim,
                           std::unique_ptr<arrow::ResizableBuffer> values)
    : columns_(std::move(columns)),
      feature_dim_(feature_dim),
      values_(std::move(values)),
      outcome_(static_cast<size_t>(columns_->num_rows())),
      open_rows_(columns_->num_rows()) {}

std::string FeatureBatch::name(int64_t row) const {
  if (columns_->num_columns() == 0) return "image " + std::to_string(row) + " of its batch";
  return static_cast<const arrow::StringArray&>(*columns_->column(0)).GetString(row);
}

float* FeatureBatch::row_values(int64_t row) {
  return reinterpret_cast<float*>(values_->mutable_data()) + row * feature_dim_;
}

bool FeatureBatch::SetFeatures(int64_t row, const float* features) {
  std::memcpy(row_values(row), features, static_cast<size_t>(feature_dim_) * sizeof(float));
  return CloseRow();
}

bool FeatureBatch::SetReject(int64_t row, RejectReason reason, std::string message) {
  outcome_[static_cast<size_t>(row)] = {RejectCode(reason), std::move(message)};
  rejects_.fetch_add(1, std::memory_order_relaxed);
  return CloseRow();
}

arrow::Result<std::shared_ptr<arrow::Array>> FeatureBatch::FinishFeatures() {
  arrow::TypedBufferBuilder<int32_t> offsets(WorkMemory());
  arrow::TypedBufferBuilder<bool> valid(WorkMemory());
  ARROW_RETURN_NOT_OK(offsets.Reserve(rows() + 1));
  ARROW_RETURN_NOT_OK(valid.Reserve(rows()));
  int64_t kept = 0;
  for (int64_t row = 0; row < rows(); ++row) {
    offsets.UnsafeAppend(static_cast<int32_t>(kept * feature_dim_));
    const bool has_features = outcome_[static_cast<size_t>(row)].code.empty();
    valid.UnsafeAppend(has_features);
    if (!has_features) continue;
    // Rejects leave holes: close them, since a list array's values are contiguous.
    if (kept != row) {
      std::memcpy(row_values(kept), row_values(row),
                  static_cast<size_t>(feature_dim_) * sizeof(float));
    }
    ++kept;
  }
  offsets.UnsafeAppend(static_cast<int32_t>(kept * feature_dim_));
  ARROW_RETURN_NOT_OK(values_->Resize(kept * feature_dim_ * static_cast<int64_t>(sizeof(float)),
                                      /*shrink_to_fit=*/false));
  std::shared_ptr<arrow::Buffer> values = std::move(values_);
  auto floats = std::make_shared<arrow::FloatArray>(kept * feature_dim_, std::move(values));
  ARROW_ASSIGN_OR_RAISE(auto offset_buffer, offsets.Finish());
  ARROW_ASSIGN_OR_RAISE(auto valid_buffer, valid.Finish());
  return std::make_shared<arrow::ListArray>(FeaturesType(), rows(), std::move(offset_buffer),
                                            std::move(floats), std::move(valid_buffer), rejects());
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> FeatureBatch::Finish() {
  arrow::StringBuilder codes(WorkMemory());
  arrow::StringBuilder messages(WorkMemory());
  for (const Reject& reject : outcome_) {
    if (reject.code.empty()) {
      ARROW_RETURN_NOT_OK(codes.AppendNull());
      ARROW_RETURN_NOT_OK(messages.AppendNull());
    } else {
      ARROW_RETURN_NOT_OK(codes.Append(reject.code));
      ARROW_RETURN_NOT_OK(messages.Append(reject.message));
    }
  }
  auto columns = columns_->columns();
  ARROW_ASSIGN_OR_RAISE(auto features, FinishFeatures());
  columns.push_back(std::move(features));
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), codes.Finish());
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), messages.Finish());
  return arrow::RecordBatch::Make(WithFeatures(*columns_->schema()), rows(), std::move(columns));
}

}  // namespace pomona
