#include "pomona/extract/memory_feed.h"

#include <arrow/array.h>

#include <utility>

#include "pomona/reject.h"

namespace pomona {
namespace {

/// Bytes of a cell, with the column that owns them.
class CellBuffer : public arrow::Buffer {
 public:
  CellBuffer(std::string_view cell, std::shared_ptr<arrow::Array> column)
      : Buffer(cell), column_(std::move(column)) {}

 private:
  const std::shared_ptr<arrow::Array> column_;
};

arrow::Status CheckColumns(const arrow::Schema& schema) {
  if (schema.num_fields() == 1) {
    switch (schema.field(0)->type()->id()) {
      case arrow::Type::BINARY:
      case arrow::Type::LARGE_BINARY:
      case arrow::Type::BINARY_VIEW:
        return arrow::Status::OK();
      default:
        break;
    }
  }
  return arrow::Status::Invalid("images are not one binary column: ", schema.ToString(),
                                "\nhint: the type is binary, large_binary or binary_view");
}

}  // namespace

arrow::Result<std::unique_ptr<MemoryFeed>> MemoryFeed::Make(
    std::shared_ptr<arrow::RecordBatchReader> images) {
  ARROW_RETURN_NOT_OK(CheckColumns(*images->schema()));
  return std::unique_ptr<MemoryFeed>(new MemoryFeed(std::move(images)));
}

MemoryFeed::MemoryFeed(std::shared_ptr<arrow::RecordBatchReader> images)
    : images_(std::move(images)) {}

std::shared_ptr<arrow::Schema> MemoryFeed::schema() const { return arrow::schema({}); }

arrow::Result<std::shared_ptr<arrow::RecordBatch>> MemoryFeed::Next() {
  column_.reset();  // before the next batch is made
  std::shared_ptr<arrow::RecordBatch> batch;
  ARROW_RETURN_NOT_OK(images_->ReadNext(&batch));
  if (batch == nullptr) return nullptr;
  ARROW_RETURN_NOT_OK(CheckColumns(*batch->schema()));
  column_ = batch->column(0);
  return arrow::RecordBatch::Make(schema(), batch->num_rows(), arrow::ArrayVector{});
}

std::string_view MemoryFeed::cell(int64_t row) const {
  if (column_->IsNull(row)) return {};
  switch (column_->type_id()) {
    case arrow::Type::LARGE_BINARY:
      return static_cast<const arrow::LargeBinaryArray&>(*column_).GetView(row);
    case arrow::Type::BINARY_VIEW:
      return static_cast<const arrow::BinaryViewArray&>(*column_).GetView(row);
    default:
      return static_cast<const arrow::BinaryArray&>(*column_).GetView(row);
  }
}

int64_t MemoryFeed::size(int64_t row) const { return static_cast<int64_t>(cell(row).size()); }

arrow::Status MemoryFeed::Read(int64_t row, FetchCallback done) {
  if (column_->IsNull(row)) {
    done(Rejected(RejectReason::kEmptyFile, "image is null"));
    return arrow::Status::OK();
  }
  const std::string_view bytes = cell(row);
  bytes_.fetch_add(static_cast<int64_t>(bytes.size()), std::memory_order_relaxed);
  done(std::make_shared<CellBuffer>(bytes, column_));
  return arrow::Status::OK();
}

FetchCounters MemoryFeed::counters() const {
  FetchCounters counters;
  counters.bytes = bytes_;
  return counters;
}

}  // namespace pomona
