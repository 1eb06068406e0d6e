#pragma once

#include <arrow/record_batch.h>

#include <memory>

#include "stream_worker.h"

namespace pomona::python {

/// A stream for readers in Python or under it, who call with the GIL or without: it is never
/// held while waiting. On the main thread, Ctrl-C ends the wait: Cancelled.
class InterruptibleReader : public arrow::RecordBatchReader {
 public:
  explicit InterruptibleReader(std::shared_ptr<arrow::RecordBatchReader> reader,
                               std::shared_ptr<arrow::StopSource> stop = nullptr);
  ~InterruptibleReader() override;

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  /// What a signal's handler raised is forgotten: a reader in C has no use for it.
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;
  arrow::Status Close() override;

  /// The next batch; null at the end. What a signal's handler raised stays set.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> NextForPython();

 private:
  const std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<StreamWorker> worker_;
};

}  // namespace pomona::python
