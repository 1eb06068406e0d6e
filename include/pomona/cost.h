#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/core_speed.h"
#include "pomona/list.h"
#include "pomona/prices.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// What is to be extracted.
struct Workload {
  int64_t images = 0;
  int64_t bytes = 0;            ///< encoded; 0: not known, and the network is never the limit
  int prefixes = 1;             ///< of S3, each with a request rate of its own
  ListingSummary listing = {};  ///< of the source, where it was listed
};

/// Counts and sizes the source. Lists all of it.
arrow::Result<Workload> MeasureWorkload(const ListOptions& options);

/// Seconds that each part of the work takes, were it alone. The work takes at least the longest.
struct WorkPhases {
  double cores = 0;     ///< decode, resize, infer
  double requests = 0;  ///< S3's rate of GET
  double listing = 0;   ///< one page after another
  double network = 0;   ///< of the machines

  /// "cores", "requests", "listing" or "network": the longest.
  std::string bottleneck() const;
};

/// What a job costs, by what is paid for, in the currency of the prices.
struct CostItems {
  double instances = 0;
  double emr = 0;       ///< EMR's surcharge
  double disks = 0;     ///< EBS of the machines
  double requests = 0;  ///< GET, LIST and PUT
  double storage = 0;   ///< of the output, for its first month

  double total() const;
};

/// What interruptions do, from simulated runs. 95 of 100 runs are not above the `p95`.
struct SpotOutcome {
  double interruptions = 0;  ///< a run, on average
  double lost_images = 0;    ///< computed again, a run, on average
  double seconds_p95 = 0;
  double cost_p95 = 0;
};

/// One way to do the work.
struct CostOption {
  std::string instance;  ///< type
  int workers = 1;       ///< machines that compute
  bool cluster = false;  ///< EMR: a primary node of the same type comes on top, on demand
  bool spot = false;     ///< the workers are
  double startup_seconds = 0;
  double work_seconds = 0;
  WorkPhases phases;
  CostItems cost;
  double cost_per_million = 0;           ///< images
  std::optional<SpotOutcome> simulated;  ///< where `spot`: then times and costs are means
  bool unbeaten = false;  ///< no other option is as fast and as cheap, and better in one

  double seconds() const { return startup_seconds + work_seconds; }
  /// What a deadline is compared with: seconds(), on Spot of 95 runs in 100.
  double sure_seconds() const;
  /// What a budget is compared with.
  double sure_cost() const;
};

/// What to plan.
struct CostOptions {
  std::vector<std::string> instances;  ///< types; empty: all of the price list

  /// Machines that compute: 1 is one machine, without EMR; more are a cluster's workers. Empty:
  /// 1, and clusters of 2, 4, 8, ... for as long as doubling shortens the job noticeably.
  std::vector<int> workers;

  std::optional<double> deadline_seconds;
  std::optional<double> budget;  ///< in the currency of the prices

  /// How often one Spot machine is taken away. Absent: as the price list says.
  std::optional<double> interruptions_per_hour;
  uint64_t seed = 1;  ///< of the simulated runs: the same seed gives the same numbers

  /// Invalid names the field, KeyError an instance type that has no price.
  arrow::Status Validate(const PriceList& prices) const;
};

/// Ways to do the work, by type and size.
struct CostPlan {
  PriceList prices;
  Workload workload;
  CoreSpeed speed;
  double interruptions_per_hour = 0;
  uint64_t seed = 1;
  int simulated_runs = 0;  ///< of each Spot option
  std::vector<CostOption> options;
  std::optional<double> deadline_seconds;
  std::optional<double> budget;
  /// Among those that keep to the deadline and the budget; absent: none does.
  std::optional<size_t> cheapest, fastest;
  std::vector<std::string> notes;  ///< what to know about the numbers, for people

  std::string ToJson() const;
};

/// A model, not a quotation: docs/guides/cost.md has its assumptions. Does no I/O.
/// Errors: Invalid (a field), KeyError (an instance type).
arrow::Result<CostPlan> PlanCost(const CostOptions& options, const Workload& workload,
                                 const CoreSpeed& speed, const PriceList& prices);

}  // namespace pomona
