#include "pomona/source/fetch_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "pomona/base/guarded.h"
#include "pomona/base/thread_cpu_time.h"

namespace pomona {

class FetchPool::Impl {
 public:
  explicit Impl(int threads) {
    threads_.reserve(static_cast<size_t>(threads));
    for (int i = 0; i < threads; ++i) {
      auto thread = StartThread([this] { Run(); });
      // A few threads do the work, if more slowly: some systems give no more of them.
      if (!thread.ok() && threads_.empty()) throw std::bad_alloc();
      if (!thread.ok()) break;
      threads_.push_back(std::move(*thread));
    }
  }

  ~Impl() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void Submit(std::function<void()> work) {
    bool sleeper;
    {
      std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
      sleeper = sleepers_ > 0;
    }
    // Without a sleeper some thread is about to look at the queue: no system call.
    if (sleeper) wake_.notify_one();
  }

  int64_t busy_ns() const {
    int64_t sum = 0;
    for (const std::thread& thread : threads_) {
      sum += ThreadCpuNanoseconds(const_cast<std::thread&>(thread).native_handle());
    }
    return sum;
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (!queue_.empty()) {
        auto work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work();
        work = nullptr;  // what it holds is destroyed without the lock
        lock.lock();
      } else if (closing_) {
        return;
      } else {
        ++sleepers_;
        wake_.wait(lock);
        --sleepers_;
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  int sleepers_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

FetchPool::FetchPool(int threads) : impl_(std::make_unique<Impl>(threads)) {}
FetchPool::~FetchPool() = default;
void FetchPool::Submit(std::function<void()> work) { impl_->Submit(std::move(work)); }
int64_t FetchPool::busy_ns() const { return impl_->busy_ns(); }

}  // namespace pomona
