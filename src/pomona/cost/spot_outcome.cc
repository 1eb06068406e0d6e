#include "pomona/cost/spot_outcome.h"

#include <algorithm>
#include <vector>

#include "pomona/cost/bill.h"
#include "pomona/cost/spot_simulation.h"

namespace pomona {
namespace {

/// What a machine may not have committed when it is lost.
double ImagesAtRisk(const Fleet& fleet, double images) {
  const double commit = ImagesPerCommit(fleet, images);
  if (!fleet.cluster) return std::min(commit, images);
  const double cores = fleet.instance.cores;
  return cores * std::min(commit, images / (cores * fleet.workers));
}

SpotJob JobOf(const Fleet& fleet, const Workload& workload, const CoreSpeed& speed,
              const PriceList& prices, double interruptions_per_hour) {
  const auto images = static_cast<double>(workload.images);
  const WorkPhases phases = PhasesOf(fleet, workload, speed, prices);
  double most = RequestsPerSecond(workload, prices);
  double ready_after = StartupSeconds(fleet, prices);
  if (fleet.cluster) {
    ready_after += phases.listing;
  } else if (phases.listing > 0) {
    most = std::min(most, images / phases.listing);
  }
  return {.workers = fleet.workers,
          .images = images,
          .worker_images_per_second = WorkerImagesPerSecond(fleet.instance, workload, speed),
          .most_images_per_second = most,
          .ready_after_seconds = ready_after,
          .replacement_seconds =
              fleet.cluster ? prices.replacement_startup_seconds : prices.machine_startup_seconds,
          .images_at_risk = ImagesAtRisk(fleet, images),
          .interruptions_per_hour = interruptions_per_hour,
          .billing = prices.billing};
}

/// Of values that are sorted here.
double NinetyFifth(std::vector<double>& values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 95 / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

std::optional<CostOption> SimulateSpot(const Fleet& fleet, const Workload& workload,
                                       const CoreSpeed& speed, const PriceList& prices,
                                       double interruptions_per_hour, uint64_t seed) {
  const SpotJob job = JobOf(fleet, workload, speed, prices, interruptions_per_hour);
  Random random(seed);
  std::vector<double> seconds;
  std::vector<double> costs;
  CostOption option;
  SpotOutcome outcome;
  for (int i = 0; i < kSimulatedRuns; ++i) {
    const auto run = SimulateSpotRun(job, random);
    if (!run) return std::nullopt;
    const BilledTime time = {
        .worker_seconds = run->worker_seconds,
        .primary_seconds = fleet.cluster ? prices.billing.Billed(run->seconds) : 0};
    const CostItems cost = BillOf(fleet, time, workload, speed.feature_dim, prices);
    seconds.push_back(run->seconds);
    costs.push_back(cost.total());
    option.work_seconds += run->seconds / kSimulatedRuns;
    option.cost.instances += cost.instances / kSimulatedRuns;
    option.cost.emr += cost.emr / kSimulatedRuns;
    option.cost.disks += cost.disks / kSimulatedRuns;
    option.cost.requests = cost.requests;
    option.cost.storage = cost.storage;
    outcome.interruptions += static_cast<double>(run->interruptions) / kSimulatedRuns;
    outcome.lost_images += run->lost_images / kSimulatedRuns;
  }
  option.startup_seconds = StartupSeconds(fleet, prices);
  option.work_seconds -= option.startup_seconds;
  outcome.seconds_p95 = NinetyFifth(seconds);
  outcome.cost_p95 = NinetyFifth(costs);
  option.simulated = outcome;
  return option;
}

}  // namespace pomona
