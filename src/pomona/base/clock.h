#pragma once

#include <chrono>

namespace pomona {

/// The clock by which durations are measured: it never goes back.
using Clock = std::chrono::steady_clock;

inline double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace pomona
