#pragma once

#include <arrow/record_batch.h>

#include <atomic>
#include <functional>
#include <memory>

#include "stream_worker.h"

namespace pomona::python {

/// A stream for readers in Python or under it, who call with the GIL or without: it is never
/// held while waiting. On the main thread, Ctrl-C ends the wait: Cancelled.
class InterruptibleReader : public arrow::RecordBatchReader {
 public:
  /// `cancel`: see StreamWorker::Start.
  static arrow::Result<std::shared_ptr<InterruptibleReader>> Make(
      std::shared_ptr<arrow::RecordBatchReader> reader, std::function<void()> cancel = nullptr);
  ~InterruptibleReader() override;

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  /// What a signal's handler raised is forgotten: a reader in C has no use for it.
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;
  arrow::Status Close() override;

  /// The next batch; null at the end. What a signal's handler raised stays set.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> NextForPython();

  /// Whether the end was read: there is nothing more to come.
  bool at_end() const { return at_end_; }
  bool is_of_parent() const { return worker_->is_of_parent(); }

 private:
  InterruptibleReader(std::shared_ptr<arrow::Schema> schema, std::shared_ptr<StreamWorker> worker);
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Next(bool keep_exception);

  const std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<StreamWorker> worker_;
  std::atomic<bool> at_end_{false};
};

}  // namespace pomona::python
