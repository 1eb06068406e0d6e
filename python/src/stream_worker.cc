#include "stream_worker.h"

#include <unistd.h>

#include <chrono>
#include <utility>
#include <vector>

namespace pomona::python {
namespace {

using arrow::Result;
using arrow::Status;

// A signal cannot wake a waiter: look for one this often.
constexpr std::chrono::milliseconds kSignalPoll{50};

/// Every worker of this process. Never destroyed: streams may end after statics do.
struct Registry {
  std::mutex mutex;
  std::vector<std::weak_ptr<StreamWorker>> workers;

  static Registry& Get() {
    static auto* registry = new Registry;
    return *registry;
  }
};

}  // namespace

std::shared_ptr<StreamWorker> StreamWorker::Start(std::shared_ptr<arrow::RecordBatchReader> reader,
                                                  std::shared_ptr<arrow::StopSource> stop) {
  std::shared_ptr<StreamWorker> worker(new StreamWorker(std::move(reader), std::move(stop)));
  auto& registry = Registry::Get();
  std::lock_guard lock(registry.mutex);
  std::erase_if(registry.workers, [](const auto& other) { return other.expired(); });
  registry.workers.push_back(worker);
  return worker;
}

StreamWorker::StreamWorker(std::shared_ptr<arrow::RecordBatchReader> reader,
                           std::shared_ptr<arrow::StopSource> stop)
    : reader_(std::move(reader)), stop_(std::move(stop)), process_(getpid()) {
  thread_ = std::thread([this] { Work(); });
}

StreamWorker::~StreamWorker() { Close(); }

void StreamWorker::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return wanted_ || closing_; });
    if (closing_) break;
    lock.unlock();
    Result<std::shared_ptr<arrow::RecordBatch>> result = reader_->Next();
    lock.lock();
    wanted_ = false;
    result_ = std::move(result);
    changed_.notify_all();
  }
  lock.unlock();
  reader_.reset();
  lock.lock();
  ended_ = true;
  changed_.notify_all();
}

Result<std::shared_ptr<arrow::RecordBatch>> StreamWorker::Next(
    const std::function<bool()>& interrupted) {
  std::lock_guard call(callers_);
  if (interrupted()) return Status::Cancelled("interrupted");
  std::unique_lock lock(mutex_);
  if (!result_ && !closing_) {
    wanted_ = true;
    changed_.notify_all();
  }
  for (;;) {
    if (closing_) return Status::UnknownError("the stream is closed");
    if (result_) return *std::exchange(result_, std::nullopt);
    if (changed_.wait_for(lock, kSignalPoll) == std::cv_status::no_timeout) continue;
    lock.unlock();
    if (interrupted()) return Status::Cancelled("interrupted");
    lock.lock();
  }
}

void StreamWorker::RequestClose() {
  std::lock_guard lock(mutex_);
  closing_ = true;
  changed_.notify_all();
  if (stop_ != nullptr) stop_->RequestStop();
}

void StreamWorker::Close() {
  // A fork's child has the objects of its parent, but none of their threads.
  if (getpid() != process_) return Abandon();
  RequestClose();
  std::call_once(joined_, [this] { thread_.join(); });
}

void StreamWorker::Abandon() {
  std::call_once(joined_, [this] {
    new std::thread(std::move(thread_));
    new std::shared_ptr(reader_);
  });
}

void StreamWorker::CloseAll(std::chrono::milliseconds patience) {
  auto& registry = Registry::Get();
  std::vector<std::weak_ptr<StreamWorker>> workers;
  {
    std::lock_guard lock(registry.mutex);
    workers.swap(registry.workers);
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (const auto& weak : workers) {
    const auto worker = weak.lock();
    if (worker == nullptr) continue;
    if (getpid() != worker->process_) {
      worker->Abandon();
      continue;
    }
    worker->RequestClose();
    std::unique_lock lock(worker->mutex_);
    const bool ended = worker->changed_.wait_until(lock, deadline, [&] { return worker->ended_; });
    lock.unlock();
    if (ended) {
      worker->Close();
    } else {
      // Its thread goes on using it.
      new std::shared_ptr(worker);
    }
  }
}

}  // namespace pomona::python
