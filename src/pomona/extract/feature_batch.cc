#include "pomona/extract/feature_batch.h"

#include <arrow/array.h>
#include <arrow/builder.h>

#include <algorithm>
#include <cstring>
#include <limits>
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

std::shared_ptr<arrow::DataType> ViewsType() {
  return arrow::list(arrow::field("element", arrow::struct_({
                                                 arrow::field("view", arrow::utf8()),
                                                 arrow::field("features", FeaturesType()),
                                             })));
}

std::shared_ptr<arrow::Schema> WithFeatures(const arrow::Schema& columns, bool views) {
  auto fields = columns.fields();
  fields.push_back(arrow::field("features", FeaturesType()));
  if (views) fields.push_back(arrow::field("views", ViewsType()));
  fields.push_back(arrow::field("reject", arrow::utf8()));
  fields.push_back(arrow::field("message", arrow::utf8()));
  return arrow::schema(std::move(fields));
}

std::shared_ptr<arrow::Schema> FeatureSchema(bool views) {
  return WithFeatures(*ReferenceSchema(), views);
}

std::shared_ptr<arrow::Schema> ImageFeatureSchema(bool views) {
  return WithFeatures(*arrow::schema({}), views);
}

arrow::Result<std::unique_ptr<FeatureBatch>> FeatureBatch::Make(
    std::shared_ptr<arrow::RecordBatch> columns, const RowShape& shape) {
  const int64_t rows = columns->num_rows();
  const int64_t numbers = rows * shape.feature_dim;
  const auto views = static_cast<int64_t>(shape.views.size());
  // The offsets of a list are 32-bit.
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  if (numbers * std::max<int64_t>(views, 1) > kMost) {
    return arrow::Status::Invalid("a batch of ", rows, " images x ", shape.looks(), " x ",
                                  shape.feature_dim, " features is more than ", kMost,
                                  " numbers in a column\nhint: smaller batches");
  }
  std::unique_ptr<FeatureBatch> batch(new FeatureBatch(std::move(columns), shape));
  constexpr int64_t kBytes = sizeof(float);
  ARROW_ASSIGN_OR_RAISE(batch->values_,
                        arrow::AllocateResizableBuffer(numbers * kBytes, WorkMemory()));
  if (views > 0) {
    ARROW_ASSIGN_OR_RAISE(batch->views_,
                          arrow::AllocateResizableBuffer(numbers * views * kBytes, WorkMemory()));
  }
  return batch;
}

FeatureBatch::FeatureBatch(std::shared_ptr<arrow::RecordBatch> columns, const RowShape& shape)
    : columns_(std::move(columns)),
      shape_(shape),
      outcome_(static_cast<size_t>(columns_->num_rows())),
      open_looks_(shape.views.empty() ? 0 : static_cast<size_t>(columns_->num_rows())),
      open_rows_(columns_->num_rows()) {
  for (auto& open : open_looks_) open = shape.looks();
}

std::string FeatureBatch::name(int64_t row) const {
  if (columns_->num_columns() == 0) return "image " + std::to_string(row) + " of its batch";
  return static_cast<const arrow::StringArray&>(*columns_->column(0)).GetString(row);
}

float* FeatureBatch::values(int64_t row) const {
  return reinterpret_cast<float*>(values_->mutable_data()) + row * shape_.feature_dim;
}

float* FeatureBatch::view_values(int64_t row) const {
  return reinterpret_cast<float*>(views_->mutable_data()) +
         row * static_cast<int64_t>(shape_.views.size()) * shape_.feature_dim;
}

bool FeatureBatch::SetFeatures(int64_t row, int look, const float* features) {
  float* to = look == 0 ? values(row) : view_values(row) + int64_t{look - 1} * shape_.feature_dim;
  std::memcpy(to, features, static_cast<size_t>(shape_.feature_dim) * sizeof(float));
  if (!shape_.views.empty()) {
    auto& open = open_looks_[static_cast<size_t>(row)];
    if (open.fetch_sub(1, std::memory_order_acq_rel) > 1) return false;
    if (shape_.average) Average(row);
  }
  return CloseRow();
}

/// In the order of the views, whichever came first: the same bits each time.
void FeatureBatch::Average(int64_t row) {
  float* mean = values(row);
  const float* views = view_values(row);
  for (int i = 0; i < shape_.feature_dim; ++i) {
    double sum = mean[i];
    for (size_t view = 0; view < shape_.views.size(); ++view) {
      sum += views[view * static_cast<size_t>(shape_.feature_dim) + static_cast<size_t>(i)];
    }
    mean[i] = static_cast<float>(sum / shape_.looks());
  }
}

bool FeatureBatch::SetReject(int64_t row, RejectReason reason, std::string message) {
  outcome_[static_cast<size_t>(row)] = {RejectCode(reason), std::move(message)};
  rejects_.fetch_add(1, std::memory_order_relaxed);
  return CloseRow();
}

/// The numbers of `buffer`, `per_row` a row, of rows that have features: rejects leave holes, which
/// are closed, since a list array's values are contiguous.
arrow::Result<std::shared_ptr<arrow::Array>> FeatureBatch::CloseHoles(Buffer buffer,
                                                                      int64_t per_row) {
  auto* numbers = reinterpret_cast<float*>(buffer->mutable_data());
  int64_t to = 0;
  for (int64_t row = 0; row < rows(); ++row) {
    if (!has_features(row)) continue;
    if (to != row) {
      std::memcpy(numbers + to * per_row, numbers + row * per_row,
                  static_cast<size_t>(per_row) * sizeof(float));
    }
    ++to;
  }
  ARROW_RETURN_NOT_OK(buffer->Resize(kept() * per_row * static_cast<int64_t>(sizeof(float)),
                                     /*shrink_to_fit=*/false));
  return std::make_shared<arrow::FloatArray>(kept() * per_row,
                                             std::shared_ptr<arrow::Buffer>(std::move(buffer)));
}

/// `per_row` of the items for each row that has features, null for a reject.
arrow::Result<std::shared_ptr<arrow::Array>> FeatureBatch::ListPerRow(
    std::shared_ptr<arrow::DataType> type, std::shared_ptr<arrow::Array> items, int64_t per_row) {
  arrow::TypedBufferBuilder<int32_t> offsets(WorkMemory());
  arrow::TypedBufferBuilder<bool> valid(WorkMemory());
  ARROW_RETURN_NOT_OK(offsets.Reserve(rows() + 1));
  ARROW_RETURN_NOT_OK(valid.Reserve(rows()));
  int64_t begin = 0;
  for (int64_t row = 0; row < rows(); ++row) {
    offsets.UnsafeAppend(static_cast<int32_t>(begin));
    valid.UnsafeAppend(has_features(row));
    begin += has_features(row) ? per_row : 0;
  }
  offsets.UnsafeAppend(static_cast<int32_t>(begin));
  ARROW_ASSIGN_OR_RAISE(auto offset_buffer, offsets.Finish());
  ARROW_ASSIGN_OR_RAISE(auto valid_buffer, valid.Finish());
  return std::make_shared<arrow::ListArray>(std::move(type), rows(), std::move(offset_buffer),
                                            std::move(items), std::move(valid_buffer), rejects());
}

arrow::Result<std::shared_ptr<arrow::Array>> FeatureBatch::FinishFeatures() {
  ARROW_ASSIGN_OR_RAISE(auto numbers, CloseHoles(std::move(values_), shape_.feature_dim));
  return ListPerRow(FeaturesType(), std::move(numbers), shape_.feature_dim);
}

arrow::Result<std::shared_ptr<arrow::Array>> FeatureBatch::FinishViews() {
  const auto views = static_cast<int64_t>(shape_.views.size());
  ARROW_ASSIGN_OR_RAISE(auto numbers, CloseHoles(std::move(views_), views * shape_.feature_dim));
  arrow::TypedBufferBuilder<int32_t> offsets(WorkMemory());
  ARROW_RETURN_NOT_OK(offsets.Reserve(kept() * views + 1));
  arrow::StringBuilder names(WorkMemory());
  ARROW_RETURN_NOT_OK(names.Reserve(kept() * views));
  for (int64_t i = 0; i <= kept() * views; ++i) {
    offsets.UnsafeAppend(static_cast<int32_t>(i * shape_.feature_dim));
  }
  for (int64_t row = 0; row < kept(); ++row) {
    for (const View view : shape_.views) ARROW_RETURN_NOT_OK(names.Append(ViewName(view)));
  }
  ARROW_ASSIGN_OR_RAISE(auto offset_buffer, offsets.Finish());
  ARROW_ASSIGN_OR_RAISE(auto name_array, names.Finish());
  const auto features = std::make_shared<arrow::ListArray>(
      FeaturesType(), kept() * views, std::move(offset_buffer), std::move(numbers));
  const auto type = ViewsType();
  return ListPerRow(
      type,
      std::make_shared<arrow::StructArray>(type->field(0)->type(), kept() * views,
                                           arrow::ArrayVector{std::move(name_array), features}),
      views);
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
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), FinishFeatures());
  if (shape_.has_views_column()) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), FinishViews());
  }
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), codes.Finish());
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), messages.Finish());
  return arrow::RecordBatch::Make(WithFeatures(*columns_->schema(), shape_.has_views_column()),
                                  rows(), std::move(columns));
}

}  // namespace pomona
