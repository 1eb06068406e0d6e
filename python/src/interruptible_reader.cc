#include "interruptible_reader.h"

#include <utility>

#include "gil.h"

namespace pomona::python {

InterruptibleReader::InterruptibleReader(std::shared_ptr<arrow::RecordBatchReader> reader,
                                         std::shared_ptr<arrow::StopSource> stop)
    : schema_(reader->schema()), worker_(StreamWorker::Start(std::move(reader), std::move(stop))) {}

InterruptibleReader::~InterruptibleReader() {
  GilPause pause;
  worker_.reset();
}

arrow::Status InterruptibleReader::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  GilPause pause;
  return worker_->Next([] { return SignalRaised(/*keep=*/false); }).Value(batch);
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> InterruptibleReader::NextForPython() {
  GilPause pause;
  return worker_->Next([] { return SignalRaised(/*keep=*/true); });
}

arrow::Status InterruptibleReader::Close() {
  GilPause pause;
  worker_->Close();
  return arrow::Status::OK();
}

}  // namespace pomona::python
