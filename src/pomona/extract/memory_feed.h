#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "pomona/extract/image_feed.h"

namespace pomona {

/// Encoded images that are in memory already: the cells of one binary column, read where
/// they lie. A cell's buffer keeps its column alive. No column goes through to the rows.
class MemoryFeed : public ImageFeed {
 public:
  /// `images`: one column of type binary, large_binary or binary_view, else Invalid.
  static arrow::Result<std::unique_ptr<MemoryFeed>> Make(
      std::shared_ptr<arrow::RecordBatchReader> images);

  std::shared_ptr<arrow::Schema> schema() const override;
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Next() override;
  int64_t size(int64_t row) const override;
  arrow::Status Read(int64_t row, FetchCallback done) override;
  FetchCounters counters() const override;

 private:
  explicit MemoryFeed(std::shared_ptr<arrow::RecordBatchReader> images);
  /// Empty for null.
  std::string_view cell(int64_t row) const;

  const std::shared_ptr<arrow::RecordBatchReader> images_;
  std::shared_ptr<arrow::Array> column_;
  std::atomic<int64_t> bytes_{0};
};

}  // namespace pomona
