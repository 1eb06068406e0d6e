#pragma once

#include <arrow/result.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace pomona {

/// Threads that do what comes, first come first served, and a bound of what may wait for them.
/// Thread-safe.
class WorkQueue {
 public:
  using Work = std::function<void()>;  ///< must not throw

  /// `most`: so much may wait. OutOfMemory: the system gives no thread.
  static arrow::Result<std::unique_ptr<WorkQueue>> Start(int threads, size_t most);
  /// Waits for what is under way; what waits is dropped.
  ~WorkQueue();

  /// False: as much waits as may.
  bool Push(Work work);
  bool full() const;
  size_t waiting() const;

 private:
  explicit WorkQueue(size_t most) : most_(most) {}
  void Loop();

  const size_t most_;
  mutable std::mutex mutex_;  ///< of all below
  std::condition_variable ready_;
  std::deque<Work> waiting_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pomona
