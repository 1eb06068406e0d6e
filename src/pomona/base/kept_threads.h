#pragma once

#include <arrow/status.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pomona {

/// Threads for work that may wait for others, each of which needs a thread of its own: one that
/// has done its work is kept for the next, so that a thread is started only where more work is
/// under way than ever before. Thread-safe.
class KeptThreads {
 public:
  KeptThreads() = default;
  /// Waits for the work under way.
  ~KeptThreads();
  KeptThreads(const KeptThreads&) = delete;
  KeptThreads& operator=(const KeptThreads&) = delete;

  /// Returns at once and does `work` on another thread, then `ended`, which must be short: by then
  /// the thread is free for other work. Neither may throw. OutOfMemory: no thread is idle, and the
  /// system gives no more of them; nothing is done then.
  arrow::Status Run(std::function<void()> work, std::function<void()> ended);

 private:
  struct Job {
    std::function<void()> work;
    std::function<void()> ended;
  };
  void Loop();

  std::mutex mutex_;  ///< of all below
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  size_t idle_ = 0;  ///< threads that have no work, or will have taken theirs from `waiting_`
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pomona
