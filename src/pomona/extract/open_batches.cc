#include "pomona/extract/open_batches.h"

#include <chrono>
#include <utility>

namespace pomona {
namespace {
// A stop token cannot wake a waiter (it is set by signal handlers): look at it this often.
constexpr std::chrono::milliseconds kStopPoll{50};
}  // namespace

bool OpenBatches::HasRoom() const {
  return batches_.size() < most_ && (batches_.size() < 2 || rows_ < most_rows_);
}

FeatureBatch* OpenBatches::Add(std::unique_ptr<FeatureBatch> batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || HasRoom(); });
  if (stopped_) return nullptr;
  rows_ += batch->rows();
  batches_.push_back(std::move(batch));
  changed_.notify_all();  // an empty batch is done at once
  return batches_.back().get();
}

void OpenBatches::Close(arrow::Status end) {
  std::lock_guard lock(mutex_);
  if (!closed_) end_ = std::move(end);
  closed_ = true;
  changed_.notify_all();
}

void OpenBatches::Fail(arrow::Status status) {
  std::lock_guard lock(mutex_);
  if (failure_.ok()) failure_ = std::move(status);
  changed_.notify_all();
}

void OpenBatches::Wake() {
  std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void OpenBatches::Stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

arrow::Result<std::unique_ptr<FeatureBatch>> OpenBatches::Next(const arrow::StopToken& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stop.IsStopRequested()) return stop.Poll();
    if (!batches_.empty() && batches_.front()->done()) {
      auto batch = std::move(batches_.front());
      batches_.pop_front();
      rows_ -= batch->rows();
      changed_.notify_all();
      return batch;
    }
    if (!failure_.ok()) return failure_;
    if (closed_ && batches_.empty()) {
      ARROW_RETURN_NOT_OK(end_);
      return nullptr;
    }
    changed_.wait_for(lock, kStopPoll);
  }
}

}  // namespace pomona
