#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace pomona {

/// Threads for reads that block. Submit may be called by many threads.
class FetchPool {
 public:
  /// `threads` >= 1: reads under way at once, at most.
  explicit FetchPool(int threads);

  /// Runs what was submitted, then joins. Submit must not be called any more, except by
  /// work that is running.
  ~FetchPool();

  void Submit(std::function<void()> work);

  /// CPU time of the threads so far. Thread-safe.
  int64_t busy_ns() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
