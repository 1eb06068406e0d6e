#include "stream_worker.h"

#include <pthread.h>

#include <chrono>
#include <exception>
#include <new>
#include <utility>
#include <vector>

#include "pomona/base/kept_threads.h"

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
    static auto* registry = [] {
      auto* made = new Registry;
      // A fork while another thread has it would leave it taken in the child for ever.
      pthread_atfork([] { Get().mutex.lock(); }, [] { Get().mutex.unlock(); },
                     [] { Get().mutex.unlock(); });
      return made;
    }();
    return *registry;
  }
};

/// Those of this process, kept from stream to stream: a child of a fork has none of its parent's.
/// Never destroyed, as the registry. Call with the GIL, which nobody else has during a fork.
KeptThreads& Threads() {
  static pid_t process = 0;
  static KeptThreads* threads = nullptr;
  if (process != getpid()) {
    threads = new KeptThreads;
    process = getpid();
  }
  return *threads;
}

}  // namespace

Result<std::shared_ptr<StreamWorker>> StreamWorker::Start(
    std::shared_ptr<arrow::RecordBatchReader> reader, std::function<void()> cancel) {
  std::shared_ptr<StreamWorker> worker(new StreamWorker(std::move(reader), std::move(cancel)));
  ARROW_RETURN_NOT_OK(Threads().Run([running = worker.get()] { running->Work(); },
                                    [running = worker.get()] { running->End(); }));
  worker->started_ = true;
  auto& registry = Registry::Get();
  std::lock_guard lock(registry.mutex);
  std::erase_if(registry.workers, [](const auto& other) { return other.expired(); });
  registry.workers.push_back(worker);
  return worker;
}

void StreamWorker::Drop(std::shared_ptr<StreamWorker> worker) {
  if (worker != nullptr && worker->is_of_parent()) new std::shared_ptr(std::move(worker));
}

StreamWorker::StreamWorker(std::shared_ptr<arrow::RecordBatchReader> reader,
                           std::function<void()> cancel)
    : reader_(std::move(reader)), cancel_(std::move(cancel)), process_(getpid()) {}

StreamWorker::~StreamWorker() { Close(); }

Result<std::shared_ptr<arrow::RecordBatch>> StreamWorker::Read() {
  try {
    return reader_->Next();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("the system gives no more memory");
  } catch (const std::exception& error) {
    return Status::UnknownError(error.what());
  }
}

void StreamWorker::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return wanted_ || closing_; });
    if (closing_) break;
    lock.unlock();
    Result<std::shared_ptr<arrow::RecordBatch>> result = Read();
    lock.lock();
    wanted_ = false;
    result_ = std::move(result);
    changed_.notify_all();
  }
  lock.unlock();
  reader_.reset();
}

void StreamWorker::End() {
  // Told under the lock: after it, the worker may be destroyed.
  std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

Result<std::shared_ptr<arrow::RecordBatch>> StreamWorker::Next(
    const std::function<bool()>& interrupted) {
  if (is_of_parent()) {
    return Status::UnknownError(
        "a stream does not work in the child of a fork: its threads are in the parent",
        "\nhint: make it in the process that reads it");
  }
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
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  if (cancel_) cancel_();
}

void StreamWorker::Close() {
  if (is_of_parent()) return;
  RequestClose();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !started_; });
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
    auto worker = weak.lock();
    if (worker == nullptr) continue;
    if (worker->is_of_parent()) {
      Drop(std::move(worker));
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
