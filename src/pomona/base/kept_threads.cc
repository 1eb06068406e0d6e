#include "pomona/base/kept_threads.h"

#include <utility>

#include "pomona/base/guarded.h"

namespace pomona {

KeptThreads::~KeptThreads() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

arrow::Status KeptThreads::Run(std::function<void()> work, std::function<void()> ended) {
  return Guarded([&]() -> arrow::Status {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(work), std::move(ended)});
    if (idle_ >= waiting_.size()) {
      changed_.notify_one();
      return arrow::Status::OK();
    }
    auto started = Guarded([&] {
      threads_.reserve(threads_.size() + 1);
      return StartThread([this] { Loop(); });
    });
    if (!started.ok()) {
      waiting_.pop_back();
      return started.status();
    }
    threads_.push_back(*std::move(started));
    ++idle_;
    return arrow::Status::OK();
  });
}

void KeptThreads::Loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    --idle_;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    job.work();
    job.work = nullptr;  // what it holds is destroyed before it has ended
    lock.lock();
    ++idle_;
    lock.unlock();
    job.ended();
    job.ended = nullptr;
    lock.lock();
  }
}

}  // namespace pomona
