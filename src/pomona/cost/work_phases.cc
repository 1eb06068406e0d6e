#include "pomona/cost/work_phases.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace pomona {
namespace {

double CoresPerSecond(const InstancePrice& instance, const CoreSpeed& speed) {
  return instance.cores * instance.relative_speed * speed.images_per_second;
}

double NetworkPerSecond(const InstancePrice& instance, const Workload& workload) {
  constexpr double kBytesPerGbit = 1e9 / 8;
  if (workload.bytes == 0) return std::numeric_limits<double>::infinity();
  return instance.network_gbit_per_second * kBytesPerGbit * static_cast<double>(workload.images) /
         static_cast<double>(workload.bytes);
}

}  // namespace

std::string WorkPhases::bottleneck() const {
  const std::array<std::pair<double, const char*>, 4> phases = {
      {{cores, "cores"}, {requests, "requests"}, {listing, "listing"}, {network, "network"}}};
  const auto longest = std::max_element(
      phases.begin(), phases.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return longest->second;
}

double ImagesPerCommit(const Fleet& fleet, double images) {
  constexpr double kPart = 8192;   // RunOptions::rows_per_file
  constexpr double kShare = 4096;  // pomona.spark: USUAL_SHARE, MOST_SHARES
  constexpr double kMostShares = 20'000;
  return fleet.cluster ? std::max(kShare, images / kMostShares) : kPart;
}

double WorkerImagesPerSecond(const InstancePrice& instance, const Workload& workload,
                             const CoreSpeed& speed) {
  return std::min(CoresPerSecond(instance, speed), NetworkPerSecond(instance, workload));
}

double RequestsPerSecond(const Workload& workload, const PriceList& prices) {
  return prices.gets_per_second_per_prefix * workload.prefixes;  // one GET an image
}

WorkPhases PhasesOf(const Fleet& fleet, const Workload& workload, const CoreSpeed& speed,
                    const PriceList& prices) {
  const auto images = static_cast<double>(workload.images);
  return {.cores = images / CoresPerSecond(fleet.instance, speed) / fleet.workers,
          .requests = images / RequestsPerSecond(workload, prices),
          .listing = std::ceil(images / kKeysPerPage) * prices.list_page_seconds,
          .network = images / NetworkPerSecond(fleet.instance, workload) / fleet.workers};
}

double WorkSeconds(const WorkPhases& phases, bool cluster) {
  const double extract = std::max({phases.cores, phases.requests, phases.network});
  return cluster ? phases.listing + extract : std::max(phases.listing, extract);
}

double StartupSeconds(const Fleet& fleet, const PriceList& prices) {
  return fleet.cluster ? prices.cluster_startup_seconds : prices.machine_startup_seconds;
}

}  // namespace pomona
