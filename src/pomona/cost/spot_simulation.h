#pragma once

#include <cstdint>
#include <optional>

#include "pomona/base/random.h"
#include "pomona/prices.h"

namespace pomona {

/// A job on machines that may be taken away. Each lives for a time that is exponentially
/// distributed from its start; another takes its place.
struct SpotJob {
  int workers = 1;
  double images = 0;
  double worker_images_per_second = 0;
  double most_images_per_second = 0;  ///< of all workers together: what the store lets through
  double ready_after_seconds = 0;     ///< start-up, and listing where that comes first
  double replacement_seconds = 0;     ///< until another machine works
  double images_at_risk = 0;          ///< of a worker: what it may have in progress, lost with it
  double interruptions_per_hour = 0;  ///< of one machine
  BillingRule billing;
};

/// How one run of it went.
struct SpotRun {
  double seconds = 0;
  double worker_seconds = 0;  ///< charged, of all machines that ever were workers
  int64_t interruptions = 0;
  double lost_images = 0;
};

/// More are not simulated: it would take long, and a job that never ends has no end of them.
inline constexpr int64_t kMostInterruptions = 1000;

/// nullopt: given up after kMostInterruptions.
std::optional<SpotRun> SimulateSpotRun(const SpotJob& job, Random& random);

}  // namespace pomona
