#pragma once

#include <arrow/util/cancel.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "pomona/source/listing_rule.h"

namespace pomona {

/// Calls `tick` at a steady pace from a thread of its own, and once more when it ends.
class ProgressTicker {
 public:
  ProgressTicker(std::chrono::milliseconds every, std::function<void()> tick);
  ~ProgressTicker();

 private:
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;
  std::thread thread_;
};

/// Counts the images of a source beside the run, for the share that is done: the run's own
/// listing is only ever as far as the work. Costs one more listing (one request per 1,000
/// objects on S3), so it runs only when somebody looks.
class SourceCounter {
 public:
  /// All are those of the run.
  SourceCounter(ListingRule rule, Uri source, ListOptions options);
  ~SourceCounter();
  /// -1 until it is known, and if listing failed (the run itself will say so).
  int64_t total() const { return total_; }

 private:
  arrow::StopSource ending_;
  std::atomic<int64_t> total_{-1};
  std::thread thread_;
};

}  // namespace pomona
