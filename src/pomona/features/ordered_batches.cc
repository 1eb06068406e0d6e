#include "pomona/features/ordered_batches.h"

#include <arrow/util/byte_size.h>

#include <algorithm>
#include <new>
#include <utility>

#include "pomona/base/guarded.h"
#include "pomona/error_kind.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

namespace {

Status ReadValid(arrow::RecordBatchReader& reader, std::shared_ptr<arrow::RecordBatch>* batch) {
  ARROW_RETURN_NOT_OK(reader.ReadNext(batch));
  return *batch == nullptr ? Status::OK() : (*batch)->Validate();
}

}  // namespace

OrderedBatches::OrderedBatches(const std::vector<ParquetFile>& files, std::vector<int> columns,
                               int threads)
    : columns_(std::move(columns)), bytes_ahead_(kBytesAheadPerThread * threads) {
  for (const auto& file : files) {
    int64_t row = 0;
    for (int group = 0; group < file.row_groups(); ++group) {
      Task task;
      task.file = &file;
      task.row_group = group;
      task.first_row = row;
      tasks_.push_back(std::move(task));
      row += file.rows(group);
    }
  }
  const auto useful = std::min(static_cast<size_t>(threads), tasks_.size());
  threads_.reserve(useful);
  for (size_t i = 0; i < useful; ++i) {
    auto thread = StartThread([this] { Work(); });
    // Fewer decode as well, if more slowly.
    if (!thread.ok() && threads_.empty()) throw std::bad_alloc();
    if (!thread.ok()) break;
    threads_.push_back(std::move(*thread));
  }
}

OrderedBatches::~OrderedBatches() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  room_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void OrderedBatches::Work() {
  std::unique_lock lock(mutex_);
  while (!closed_ && next_ < tasks_.size()) {
    Task& task = tasks_[next_++];
    lock.unlock();
    Status status = Guarded([&] { return Decode(task); });
    lock.lock();
    task.status = std::move(status);
    task.ended = true;
    pushed_.notify_one();
  }
}

Status OrderedBatches::Decode(Task& task) {
  ARROW_ASSIGN_OR_RAISE(auto reader, task.file->Read(task.row_group, columns_, kBatchRows));
  int64_t row = task.first_row;
  while (true) {
    std::shared_ptr<arrow::RecordBatch> batch;
    const Status status = reader.input->Judge(ReadValid(*reader.batches, &batch));
    if (!status.ok()) {
      return status.WithMessage("cannot read ", task.file->path(), ": ", status.message());
    }
    if (batch == nullptr) {
      // A page that is none of data any more, by a flipped bit, is passed over by readers.
      const int64_t rows = task.file->rows(task.row_group);
      if (row - task.first_row == rows) return Status::OK();
      return DamagedData("cannot read ", task.file->path(), ": row group ", task.row_group, " has ",
                         row - task.first_row, " rows and says ", rows);
    }
    const int64_t first = std::exchange(row, row + batch->num_rows());
    if (!Push(task, {.batch = std::move(batch), .file = task.file->path(), .first_row = first})) {
      return Status::OK();
    }
  }
}

bool OrderedBatches::Push(Task& task, TableBatch batch) {
  const int64_t size = arrow::util::TotalBufferSize(*batch.batch);
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] {
    return closed_ || bytes_ < bytes_ahead_ || (&task == &tasks_[head_] && task.ready.empty());
  });
  if (closed_) return false;
  bytes_ += size;
  task.ready.push_back(std::move(batch));
  if (&task == &tasks_[head_]) pushed_.notify_one();
  return true;
}

Result<std::optional<TableBatch>> OrderedBatches::Next() {
  std::unique_lock lock(mutex_);
  while (head_ < tasks_.size()) {
    Task& task = tasks_[head_];
    pushed_.wait(lock, [&] { return task.ended || !task.ready.empty(); });
    if (!task.ready.empty()) {
      TableBatch batch = std::move(task.ready.front());
      task.ready.pop_front();
      bytes_ -= arrow::util::TotalBufferSize(*batch.batch);
      room_.notify_all();
      return batch;
    }
    ARROW_RETURN_NOT_OK(task.status);
    ++head_;
    room_.notify_all();
  }
  return std::nullopt;
}

}  // namespace pomona
