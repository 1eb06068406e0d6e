#include "interruptible_reader.h"

#include <utility>

#include "gil.h"

namespace pomona::python {

using arrow::Result;

Result<std::shared_ptr<InterruptibleReader>> InterruptibleReader::Make(
    std::shared_ptr<arrow::RecordBatchReader> reader, std::function<void()> cancel) {
  auto schema = reader->schema();
  ARROW_ASSIGN_OR_RAISE(auto worker, StreamWorker::Start(std::move(reader), std::move(cancel)));
  return std::shared_ptr<InterruptibleReader>(
      new InterruptibleReader(std::move(schema), std::move(worker)));
}

InterruptibleReader::InterruptibleReader(std::shared_ptr<arrow::Schema> schema,
                                         std::shared_ptr<StreamWorker> worker)
    : schema_(std::move(schema)), worker_(std::move(worker)) {}

InterruptibleReader::~InterruptibleReader() {
  GilPause pause;
  StreamWorker::Drop(std::move(worker_));
}

Result<std::shared_ptr<arrow::RecordBatch>> InterruptibleReader::Next(bool keep_exception) {
  GilPause pause;
  auto batch = worker_->Next([=] { return SignalRaised(keep_exception); });
  if (batch.ok() && *batch == nullptr) at_end_ = true;
  return batch;
}

arrow::Status InterruptibleReader::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  return Next(/*keep_exception=*/false).Value(batch);
}

Result<std::shared_ptr<arrow::RecordBatch>> InterruptibleReader::NextForPython() {
  return Next(/*keep_exception=*/true);
}

arrow::Status InterruptibleReader::Close() {
  GilPause pause;
  worker_->Close();
  return arrow::Status::OK();
}

}  // namespace pomona::python
