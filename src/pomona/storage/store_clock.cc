#include "pomona/storage/store_clock.h"

namespace pomona {

using std::chrono::milliseconds;
using std::chrono::seconds;

StoreClock::SinceBoot StoreClock::Monotonic() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return seconds(time.tv_sec) +
         std::chrono::duration_cast<milliseconds>(std::chrono::nanoseconds(time.tv_nsec));
}

void StoreClock::Saw(std::time_t date, SinceBoot sent, SinceBoot received) {
  // The answer was made at one of the instants of its second, at one of those between `sent` and
  // `received`: so much is sure about the difference of the two clocks.
  const milliseconds least = seconds(date) - received;
  const milliseconds most = seconds(date + 1) - sent;
  const std::lock_guard lock(mutex_);
  // Of what several answers are sure of the narrowest holds; what contradicts it is a clock that
  // was set, or another server's, and newer.
  if (!least_ || least > *least_ || most < *least_) least_ = least;
}

std::optional<StoreClock::Time> StoreClock::Now(SinceBoot now) const {
  const std::lock_guard lock(mutex_);
  if (!least_) return std::nullopt;
  return Time(*least_ + now);
}

}  // namespace pomona
