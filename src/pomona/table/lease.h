#pragma once

#include <arrow/result.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "pomona/table/output_store.h"

namespace pomona {

/// Who claims an output.
struct LeaseProcess {
  std::string host;
  int64_t number = 0;
  std::string start;  ///< so that a number that is used again is another's
  std::string space;  ///< where numbers mean the same: one boot of one kernel, one namespace

  static LeaseProcess Own();
};

/// One writer per output. Each run claims the output for an epoch of its own: a number that only
/// grows, by a file that is created under it (OutputStore::PutNew). So of two that claim in one
/// instant one can succeed. Before its first change a run takes all lower claims away, and who lost
/// its claim never gets it back.
///
/// That a run lives, its sign of life says: a small file that is renewed, by putting the next one
/// before taking the last one away, so that there is one at every instant; it is dead when its
/// process is gone (same machine) or when it is old. Who wants to claim puts its own first, and
/// gives up where another is alive, before its claim and after it. Thread-safe.
class Lease {
 public:
  static constexpr std::chrono::seconds kRenewEvery{15};
  /// A sign of life that is older, by the store's clock, is a dead run's.
  static constexpr std::chrono::seconds kDeadAfter{60};

  struct Options {
    std::chrono::milliseconds renew_every = kRenewEvery;
    LeaseProcess process = LeaseProcess::Own();
    /// Told of the lease when it is held, and of nullptr before it ends, where something else than
    /// a thread of the lease's own is to call Renew.
    std::function<void(Lease*)> renewer;
  };

  /// Invalid, naming the other run, if the output is taken. Removes what dead runs left here.
  static arrow::Result<std::unique_ptr<Lease>> Acquire(std::shared_ptr<OutputStore> store,
                                                       Options options);
  static arrow::Result<std::unique_ptr<Lease>> Acquire(std::shared_ptr<OutputStore> store) {
    return Acquire(std::move(store), Options());
  }
  /// Gives it back; without Take, as if it had not been.
  ~Lease();

  /// Whether a run that had claimed the output died, rather than ended, since the last run
  /// claimed it: its sign of life was still there.
  bool found_dead() const { return found_dead_; }
  /// That of this claim: 0 of the first that an output ever had.
  int epoch() const { return epoch_; }
  /// Before the first change: ends all claims but this one, which stays for good. `least`: the
  /// highest epoch that wrote to the table; the claim is raised above it, where the other claims
  /// are gone. Invalid, IOError: as Acquire and Check.
  arrow::Status Take(int least);

  /// IOError if another run has taken the output over: this one was taken for dead after
  /// sleeping, or without storage, for longer than kDeadAfter. To be asked before each
  /// commit. Cost: one look at the store.
  arrow::Status Check();

  /// Puts the next sign of life, if the claim still holds. To be called every Options::renew_every:
  /// a thread of the lease's own does.
  void Renew();

 private:
  Lease(std::shared_ptr<OutputStore> store, std::string id, Options options);
  arrow::Status RefuseIfTaken();
  std::string SignName() const;
  arrow::Status ClaimAbove(int least);
  arrow::Result<bool> Held() const;
  void RenewLoop();
  void RenewLocked();
  arrow::Status PutNextSign();

  const std::shared_ptr<OutputStore> store_;
  const std::string id_;
  const Options options_;
  const std::string claim_;
  bool found_dead_ = false;
  std::atomic<int> epoch_ = -1;
  bool taken_ = false;
  std::mutex mutex_;  ///< of all below
  int64_t renewals_ = 0;
  std::condition_variable ending_;
  bool ended_ = false;
  std::thread renewer_;
};

}  // namespace pomona
