#include "pomona/serve/work_queue.h"

#include <utility>

#include "pomona/base/guarded.h"

namespace pomona {

arrow::Result<std::unique_ptr<WorkQueue>> WorkQueue::Start(int threads, size_t most) {
  std::unique_ptr<WorkQueue> queue(new WorkQueue(most));
  for (int i = 0; i < threads; ++i) {
    ARROW_ASSIGN_OR_RAISE(auto thread, StartThread([queue = queue.get()] { queue->Loop(); }));
    queue->threads_.push_back(std::move(thread));
  }
  return queue;
}

WorkQueue::~WorkQueue() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool WorkQueue::Push(Work work) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_) return false;
    waiting_.push_back(std::move(work));
  }
  ready_.notify_one();
  return true;
}

bool WorkQueue::full() const { return waiting() >= most_; }

size_t WorkQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

void WorkQueue::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (closed_) return;
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    work = nullptr;  // what it holds may be large
    lock.lock();
  }
}

}  // namespace pomona
