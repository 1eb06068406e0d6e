#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace pomona {

/// Threads that work on the tasks of one caller together. They start with the first Run that has
/// use for them and wait between calls. In the child of a fork, which has none of them, others are
/// started. For one thread.
class ThreadTeam {
 public:
  /// `threads`: the caller included; at least 1. Where the system gives fewer, those do it.
  explicit ThreadTeam(int threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  /// Calls `work(task)` for each task in 0 to `tasks` - 1, begun in this order, and returns when
  /// all are done. `work` is called from several threads at once; an exception of it is thrown
  /// here, when all have ended. Where the system gives fewer threads, those do the work. Cost: some
  /// 20 microseconds.
  void Run(int64_t tasks, const std::function<void(int64_t)>& work);

 private:
  class Helpers;

  /// Those of this process.
  Helpers& helpers();
  /// Leaves those of another process alone: to destroy them would be to wait for them.
  void Abandon();

  const int threads_;
  std::unique_ptr<Helpers> helpers_;
};

}  // namespace pomona
