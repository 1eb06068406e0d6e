#pragma once

#include <arrow/result.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "pomona/table/output_store.h"

namespace pomona {

/// One writer per output, on any store that lists what was put (all do): each run puts a
/// claim, then looks for others. Of two that start in the same instant at least one sees
/// the other; both may give up, never do both go on. A claim is renewed while its run
/// lives; it is dead when its process is gone (same machine) or when it is old.
class Lease {
 public:
  static constexpr std::chrono::seconds kRenewEvery{15};
  /// By the store's clock.
  static constexpr std::chrono::seconds kDeadAfter{60};

  /// Invalid, naming the other run, if the output is taken. Removes dead claims.
  static arrow::Result<std::unique_ptr<Lease>> Acquire(std::shared_ptr<OutputStore> store);
  /// Gives it back.
  ~Lease();

 private:
  Lease(std::shared_ptr<OutputStore> store, std::string name, std::string claim);
  arrow::Status RefuseIfTaken();
  void RenewLoop();

  const std::shared_ptr<OutputStore> store_;
  const std::string name_;
  const std::string claim_;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;
  std::thread renewer_;
};

}  // namespace pomona
