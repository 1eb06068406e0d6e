#pragma once

#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/image.h"
#include "pomona/reject.h"

namespace pomona {

/// What is computed of an image: `feature_dim` numbers of the picture as it is, and of each view.
struct RowShape {
  int feature_dim = 0;
  std::vector<View> views;
  bool average = false;  ///< the mean of all is the row's features, and there is no column of views

  int looks() const { return 1 + static_cast<int>(views.size()); }
  bool has_views_column() const { return !views.empty() && !average; }
  /// Memory that a row takes while it is in work.
  int64_t bytes() const { return int64_t{1} * looks() * feature_dim * int64_t{sizeof(float)}; }
};

/// `columns`, then features list<float>?, with `views` views ViewsType()?, reject utf8?,
/// message utf8?.
std::shared_ptr<arrow::Schema> WithFeatures(const arrow::Schema& columns, bool views);

/// One batch of images while its features are being computed. Rows are set by many threads
/// at once, each look at a row once; Finish by one thread, when done().
class FeatureBatch {
 public:
  /// `columns`: a row an image; they go through to the result, and the first, if there is
  /// one, names the images (utf8). Allocates [rows, looks, feature_dim] float32. Invalid: more
  /// numbers than a column can hold.
  static arrow::Result<std::unique_ptr<FeatureBatch>> Make(
      std::shared_ptr<arrow::RecordBatch> columns, const RowShape& shape);

  int64_t rows() const { return columns_->num_rows(); }
  /// The row's image as messages name it.
  std::string name(int64_t row) const;

  /// `look`: 0 is the picture as it is, 1 the first of the views. `features`: [feature_dim],
  /// copied. Returns true for what completes the batch.
  bool SetFeatures(int64_t row, int look, const float* features);
  /// For a row of which nothing is set.
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
  using Buffer = std::unique_ptr<arrow::ResizableBuffer>;

  FeatureBatch(std::shared_ptr<arrow::RecordBatch> columns, const RowShape& shape);
  bool CloseRow() { return open_rows_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  bool has_features(int64_t row) const { return outcome_[static_cast<size_t>(row)].code.empty(); }
  float* values(int64_t row) const;
  float* view_values(int64_t row) const;
  void Average(int64_t row);
  int64_t kept() const { return rows() - rejects(); }
  arrow::Result<std::shared_ptr<arrow::Array>> CloseHoles(Buffer buffer, int64_t per_row);
  arrow::Result<std::shared_ptr<arrow::Array>> ListPerRow(std::shared_ptr<arrow::DataType> type,
                                                          std::shared_ptr<arrow::Array> items,
                                                          int64_t per_row);
  arrow::Result<std::shared_ptr<arrow::Array>> FinishFeatures();
  arrow::Result<std::shared_ptr<arrow::Array>> FinishViews();

  const std::shared_ptr<arrow::RecordBatch> columns_;
  const RowShape shape_;
  Buffer values_;  ///< [rows, feature_dim]
  Buffer views_;   ///< [rows, views, feature_dim]; null without views
  std::vector<Reject> outcome_;
  std::vector<std::atomic<int>> open_looks_;  ///< of each row; empty without views
  std::atomic<int64_t> open_rows_;
  std::atomic<int64_t> rejects_{0};
};

}  // namespace pomona
