#pragma once

#include <chrono>
#include <ctime>
#include <mutex>
#include <optional>

namespace pomona {

/// What time it is at a store, as far as its answers said: a deadline that a store keeps must be
/// told by its clock, and what this machine calls the time may be anything. Between answers the
/// time goes on with the time since boot, which goes on while the machine is suspended or the
/// process stopped. Thread-safe.
class StoreClock {
 public:
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;
  using SinceBoot = std::chrono::milliseconds;

  /// CLOCK_BOOTTIME.
  static SinceBoot Monotonic();

  /// An answer said that it was made in the second that begins with `date`. It was asked for at
  /// `sent` and came at `received`.
  void Saw(std::time_t date, SinceBoot sent, SinceBoot received);

  /// The time at the store at `now` or a little earlier: at most a second and the time that an
  /// answer took, never later (but where a store's clock was set back since it last answered).
  /// nullopt: no answer has said it.
  std::optional<Time> Now(SinceBoot now = Monotonic()) const;

 private:
  mutable std::mutex mutex_;
  std::optional<std::chrono::milliseconds> least_;  // the store's time less the time since boot
};

}  // namespace pomona
