#pragma once

#include <arrow/record_batch.h>

#include <memory>
#include <utility>

namespace pomona {

/// A stream whose first batch was read already, to see that there is one.
class FirstBatchAhead : public arrow::RecordBatchReader {
 public:
  FirstBatchAhead(std::shared_ptr<arrow::RecordBatch> first,
                  std::shared_ptr<arrow::RecordBatchReader> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return rest_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    if (first_ == nullptr) return rest_->ReadNext(batch);
    *batch = std::exchange(first_, nullptr);
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<arrow::RecordBatch> first_;
  const std::shared_ptr<arrow::RecordBatchReader> rest_;
};

}  // namespace pomona
