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
/// lives, by putting the next one before taking the last one away, so that there is one at
/// every instant; it is dead when its process is gone (same machine) or when it is old.
/// Thread-safe.
class Lease {
 public:
  static constexpr std::chrono::seconds kRenewEvery{15};
  /// A claim that is older, by the store's clock, is a dead run's.
  static constexpr std::chrono::seconds kDeadAfter{60};

  /// Invalid, naming the other run, if the output is taken. Removes dead claims.
  static arrow::Result<std::unique_ptr<Lease>> Acquire(
      std::shared_ptr<OutputStore> store, std::chrono::milliseconds renew_every = kRenewEvery);
  /// Gives it back.
  ~Lease();

  /// Whether a run that had claimed the output died, rather than ended, since the last run
  /// claimed it: its claim was still there.
  bool found_dead() const { return found_dead_; }

  /// ExecutionError if another run has taken the output over: this one was taken for dead after
  /// sleeping, or without storage, for longer than kDeadAfter. To be asked before each
  /// commit. Cost: one look at the store.
  arrow::Status Check();

 private:
  Lease(std::shared_ptr<OutputStore> store, std::string id, std::string claim,
        std::chrono::milliseconds renew_every);
  std::string ClaimName() const;
  arrow::Result<bool> Held() const;
  void RenewLoop();

  const std::shared_ptr<OutputStore> store_;
  const std::string id_;
  const std::string claim_;
  const std::chrono::milliseconds renew_every_;
  bool found_dead_ = false;
  std::mutex mutex_;  ///< of all below
  int64_t renewals_ = 0;
  std::condition_variable ending_;
  bool ended_ = false;
  std::thread renewer_;
};

}  // namespace pomona
