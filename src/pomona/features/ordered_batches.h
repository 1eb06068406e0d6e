#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "pomona/features/feature_table.h"
#include "pomona/features/parquet_file.h"

namespace pomona {

/// Row groups decoded by several threads, handed out in their order. A thread takes the next row
/// group that nobody has; what is decoded but not asked for yet is bounded in bytes, except
/// that the row group being read may always add a batch.
class OrderedBatches : public TableBatches {
 public:
  static constexpr int64_t kBytesAheadPerThread = int64_t{48} << 20;
  static constexpr int64_t kBatchRows = 1024;

  /// `files` must live longer. `columns` as ParquetFile::Read takes them.
  OrderedBatches(const std::vector<ParquetFile>& files, std::vector<int> columns, int threads);
  ~OrderedBatches() override;

  arrow::Result<std::optional<TableBatch>> Next() override;

 private:
  /// A row group, on its way.
  struct Task {
    const ParquetFile* file = nullptr;
    int row_group = 0;
    int64_t first_row = 0;
    std::deque<TableBatch> ready;
    bool ended = false;
    arrow::Status status;
  };

  void Work();
  arrow::Status Decode(Task& task);
  /// Waits for room. False if nobody wants it any more.
  bool Push(Task& task, TableBatch batch);

  const std::vector<int> columns_;
  const int64_t bytes_ahead_;
  std::mutex mutex_;  ///< of all below
  std::condition_variable pushed_;
  std::condition_variable room_;
  std::vector<Task> tasks_;
  size_t next_ = 0;  ///< task to take
  size_t head_ = 0;  ///< task to hand out
  int64_t bytes_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pomona
