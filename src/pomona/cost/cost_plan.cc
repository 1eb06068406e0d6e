#include <algorithm>
#include <cmath>
#include <utility>

#include "pomona/cost/bill.h"
#include "pomona/cost/spot_outcome.h"
#include "pomona/cost/spot_simulation.h"
#include "pomona/cost/work_phases.h"

namespace pomona {
namespace {

// Doubling a cluster goes on for as long as it saves this share of the time.
constexpr double kWorthwhileSaving = 0.05;
constexpr int kMostWorkers = 1024;

/// KeyError lists what there is.
arrow::Result<InstancePrice> FindInstance(const std::string& type, const PriceList& prices) {
  std::string known;
  for (const InstancePrice& instance : prices.instances) {
    if (instance.type == type) return instance;
    known += " " + instance.type;
  }
  return arrow::Status::KeyError("the prices have no instance `", type, "`\nhint: they have",
                                 known);
}

/// Fills a plan's options.
class Planner {
 public:
  explicit Planner(CostPlan& plan) : plan_(plan) {}

  void Add(const InstancePrice& instance, const std::vector<int>& workers) {
    if (!workers.empty()) {
      for (const int count : workers) AddSize(instance, count);
      return;
    }
    AddSize(instance, 1);
    double previous = 0;
    for (int count = 2; count <= kMostWorkers; count *= 2) {
      const auto seconds = AddSize(instance, count);
      if (!seconds || (previous > 0 && *seconds > previous * (1 - kWorthwhileSaving))) return;
      previous = *seconds;
    }
  }

 private:
  /// On demand, and on Spot. Returns the time on demand; nullopt: EMR does not have the type.
  std::optional<double> AddSize(const InstancePrice& instance, int workers) {
    Fleet fleet = {.instance = instance, .workers = workers, .cluster = workers > 1, .spot = false};
    if (fleet.cluster && !instance.emr_per_hour) {
      plan_.notes.push_back(instance.type + " has no EMR price: no cluster of it is planned");
      return std::nullopt;
    }
    const double seconds = Push(fleet, OnDemand(fleet));
    if (!instance.spot_per_hour) return seconds;
    fleet.spot = true;
    auto spot = SimulateSpot(fleet, plan_.workload, plan_.speed, plan_.prices,
                             plan_.interruptions_per_hour, plan_.seed);
    if (spot) {
      Push(fleet, *std::move(spot));
    } else {
      plan_.notes.push_back(
          instance.type + " x " + std::to_string(workers) + " on Spot is left out: more than " +
          std::to_string(kMostInterruptions) + " machines would be taken away in a run");
    }
    return seconds;
  }

  CostOption OnDemand(const Fleet& fleet) const {
    CostOption option;
    option.startup_seconds = StartupSeconds(fleet, plan_.prices);
    option.work_seconds =
        WorkSeconds(PhasesOf(fleet, plan_.workload, plan_.speed, plan_.prices), fleet.cluster);
    option.cost = BillOf(fleet, WholeTime(fleet, option.seconds(), plan_.prices.billing),
                         plan_.workload, plan_.speed.feature_dim, plan_.prices);
    return option;
  }

  double Push(const Fleet& fleet, CostOption option) {
    option.instance = fleet.instance.type;
    option.workers = fleet.workers;
    option.cluster = fleet.cluster;
    option.spot = fleet.spot;
    option.phases = PhasesOf(fleet, plan_.workload, plan_.speed, plan_.prices);
    option.cost_per_million =
        option.cost.total() / static_cast<double>(plan_.workload.images) * 1e6;
    plan_.options.push_back(std::move(option));
    return plan_.options.back().seconds();
  }

  CostPlan& plan_;
};

/// Not slower, not dearer, and better in one of the two.
bool Beats(const CostOption& a, const CostOption& b) {
  return a.seconds() <= b.seconds() && a.cost.total() <= b.cost.total() &&
         (a.seconds() < b.seconds() || a.cost.total() < b.cost.total());
}

void Compare(CostPlan& plan) {
  auto& options = plan.options;
  for (CostOption& option : options) {
    option.unbeaten = std::none_of(options.begin(), options.end(),
                                   [&](const CostOption& other) { return Beats(other, option); });
  }
  const auto better = [&](auto value, size_t a, const std::optional<size_t>& b) {
    return !b || value(options[a]) < value(options[*b]);
  };
  for (size_t i = 0; i < options.size(); ++i) {
    if (plan.deadline_seconds && options[i].sure_seconds() > *plan.deadline_seconds) continue;
    if (plan.budget && options[i].sure_cost() > *plan.budget) continue;
    const auto cost = [](const CostOption& option) {
      return std::pair(option.cost.total(), option.seconds());
    };
    const auto time = [](const CostOption& option) {
      return std::pair(option.seconds(), option.cost.total());
    };
    if (better(cost, i, plan.cheapest)) plan.cheapest = i;
    if (better(time, i, plan.fastest)) plan.fastest = i;
  }
}

arrow::Status CheckWork(const Workload& workload, const CoreSpeed& speed) {
  if (workload.images < 1) {
    return arrow::Status::Invalid("images must be at least 1, got ", workload.images);
  }
  if (workload.bytes < 0) {
    return arrow::Status::Invalid("bytes must not be negative, got ", workload.bytes);
  }
  if (workload.prefixes < 1) {
    return arrow::Status::Invalid("prefixes must be at least 1, got ", workload.prefixes);
  }
  constexpr double kLeast = 1e-9;
  constexpr double kMost = 1e9;
  if (!(speed.images_per_second >= kLeast && speed.images_per_second <= kMost)) {
    return arrow::Status::Invalid("speed must be above 0 images/s, ", kLeast, " to ", kMost,
                                  ", got ", speed.images_per_second);
  }
  return arrow::Status::OK();
}

}  // namespace

double CostOption::sure_seconds() const { return simulated ? simulated->seconds_p95 : seconds(); }

double CostOption::sure_cost() const { return simulated ? simulated->cost_p95 : cost.total(); }

arrow::Status CostOptions::Validate(const PriceList& prices) const {
  constexpr double kMostAnHour = 60;  // a machine that lives a minute does not even start
  for (const int count : workers) {
    if (count < 1 || count > kMostWorkers) {
      return arrow::Status::Invalid("nodes must be 1 to ", kMostWorkers, ", got ", count,
                                    "\nhint: 1 is a machine without EMR, more are a cluster's "
                                    "workers");
    }
  }
  if (deadline_seconds && !(*deadline_seconds > 0 && std::isfinite(*deadline_seconds))) {
    return arrow::Status::Invalid("deadline must be above 0 s, got ", *deadline_seconds,
                                  "\nhint: as 90min or 2h");
  }
  if (budget && !(*budget > 0 && std::isfinite(*budget))) {
    return arrow::Status::Invalid("budget must be above 0, got ", *budget,
                                  "\nhint: in the currency of the price list");
  }
  const double rate = interruptions_per_hour.value_or(prices.interruptions_per_hour);
  if (!(rate >= 0 && rate <= kMostAnHour)) {
    return arrow::Status::Invalid(
        interruptions_per_hour ? "spot-interruption-rate" : "interruptions_per_hour of the prices",
        " must be 0 to ", kMostAnHour, " an hour, got ", rate,
        "\nhint: of each machine: 0.05 is one in 20 hours");
  }
  for (const std::string& type : instances) {
    ARROW_RETURN_NOT_OK(FindInstance(type, prices).status());
  }
  return arrow::Status::OK();
}

arrow::Result<CostPlan> PlanCost(const CostOptions& options, const Workload& workload,
                                 const CoreSpeed& speed, const PriceList& prices) {
  ARROW_RETURN_NOT_OK(options.Validate(prices));
  ARROW_RETURN_NOT_OK(CheckWork(workload, speed));
  CostPlan plan;
  plan.prices = prices;
  plan.workload = workload;
  plan.speed = speed;
  plan.interruptions_per_hour =
      options.interruptions_per_hour.value_or(prices.interruptions_per_hour);
  plan.seed = options.seed;
  plan.simulated_runs = kSimulatedRuns;
  plan.deadline_seconds = options.deadline_seconds;
  plan.budget = options.budget;
  if (prices.example) {
    plan.notes.push_back("the prices are an example of " + prices.date + ": replace them");
  }
  if (!speed.warning.empty()) plan.notes.push_back(speed.warning);
  Planner planner(plan);
  for (const InstancePrice& instance : prices.instances) {
    const bool wanted =
        options.instances.empty() || std::find(options.instances.begin(), options.instances.end(),
                                               instance.type) != options.instances.end();
    if (wanted) planner.Add(instance, options.workers);
  }
  if (plan.options.empty()) {
    return arrow::Status::Invalid("no option is left",
                                  plan.notes.empty() ? "" : ": " + plan.notes.back());
  }
  // Those of a price list from a file cannot; one that a program made may have any number.
  for (const CostOption& option : plan.options) {
    if (std::isfinite(option.cost.total()) && std::isfinite(option.seconds())) continue;
    return arrow::Status::Invalid("the prices of ", option.instance,
                                  " make a cost or a time that is too large for a number");
  }
  Compare(plan);
  return plan;
}

}  // namespace pomona
