#pragma once

#include <arrow/api.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/reject.h"

namespace pomona {

/// `columns`, then features list<float>?, reject utf8?, message utf8?.
std::shared_ptr<arrow::Schema> WithFeatures(const arrow::Schema& columns);

/// One batch of images while its features are being computed. Rows are set by many threads
/// at once, each row once; Finish by one thread, when done().
class FeatureBatch {
 public:
  /// `columns`: a row an image; they go through to the result, and the first, if there is
  /// one, names the images (utf8). Allocates [rows, feature_dim] float32.
  static arrow::Result<std::unique_ptr<FeatureBatch>> Make(
      std::shared_ptr<arrow::RecordBatch> columns, int feature_dim);

  int64_t rows() const { return columns_->num_rows(); }
  /// The row's image as messages name it.
  std::string name(int64_t row) const;

  /// `features`: [feature_dim], copied. Returns true for the row that completes the batch.
  bool SetFeatures(int64_t row, const float* features);
  bool SetReject(int64_t row, RejectReason reason, std::string message);

  bool done() const { return open_rows_.load(std::memory_order_acquire) == 0; }
  int64_t rejects() const { return rejects_.load(std::memory_order_relaxed); }

  /// The rows, WithFeatures. Moves the features: call once.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Finish();

 private:
  struct Reject {
    std::string_view code;  // empty: the row has features
    std::string message;
  };

  FeatureBatch(std::shared_ptr<arrow::RecordBatch> columns, int feature_dim,
               std::unique_ptr<arrow::ResizableBuffer> values);
  bool CloseRow() { return open_rows_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  float* row_values(int64_t row);
  arrow::Result<std::shared_ptr<arrow::Array>> FinishFeatures();

  std::shared_ptr<arrow::RecordBatch> columns_;
  int64_t feature_dim_;
  std::unique_ptr<arrow::ResizableBuffer> values_;
  std::vector<Reject> outcome_;
  std::atomic<int64_t> open_rows_;
  std::atomic<int64_t> rejects_{0};
};

}  // namespace pomona
