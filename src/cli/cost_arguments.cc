#include "cli/cost_arguments.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "pomona/plan.h"

namespace pomona::cli {
void CostArguments::AddTo(Command command) {
  const char* group = "Price";
  const Argument prices =
      command.Add("--prices", prices_, "Show what the work would take and cost, by this price list")
          .Group(group);
  const auto add = [&](const char* name, auto& value, const char* text) {
    return command.Add(name, value, text).Needs(prices).Group(group);
  };
  const Argument images =
      add("--images", images_, "So many images, instead of listing SOURCE").Positive();
  add("--bytes", bytes_, "Their size, as 500MiB; the network's share of the time needs it")
      .Bytes()
      .Needs(images);
  add("--prefixes", prefixes_, "Of the bucket, each with a request rate of its own")
      .ShowDefault()
      .Positive();
  const Argument report =
      add("--report", report_, "Take the speed of a core from a run's report.json");
  add("--speed", speed_,
      "Images a second of one core (default: of --report, else measured here for 10 s)")
      .Excludes(report)
      .Positive();
  add("--instance", options_.instances, "Only these types of machine; repeatable").Repeatable();
  add("--nodes", options_.workers,
      "Only so many machines that compute: 1 (no cluster), or a cluster's, as 2,4,8")
      .Repeatable()
      .SeparatedBy(',');
  add("--deadline", options_.deadline_seconds, "Name the cheapest that is done by then, as 90min")
      .Seconds();
  add("--budget", options_.budget, "Name the fastest that costs no more").Positive();
  add("--spot-interruption-rate", options_.interruptions_per_hour,
      "How often a Spot machine is taken away, an hour (default: of the price list)");
  add("--seed", options_.seed, "Of the simulated Spot runs").ShowDefault();
}

arrow::Result<CostPlan> CostArguments::Plan(const RunOptions& run) const {
  if (run.list.source.empty() && !images_) {
    return arrow::Status::Invalid("nothing to plan",
                                  "\nhint: name a SOURCE, or --images says how many there are");
  }
  ARROW_ASSIGN_OR_RAISE(const PriceList prices, ReadPriceList(prices_));
  ARROW_RETURN_NOT_OK(options_.Validate(prices));
  ARROW_ASSIGN_OR_RAISE(auto speed, ToldSpeed());
  ARROW_ASSIGN_OR_RAISE(const Workload workload, Measure(run));
  if (!speed) {
    CalibrationOptions calibration;
    calibration.extract = run.extract;
    calibration.list = run.list;
    fmt::print(stderr, "measuring the speed of a core for {} s; --report or --speed tells it\n",
               std::chrono::duration_cast<std::chrono::seconds>(calibration.duration).count());
    ARROW_ASSIGN_OR_RAISE(speed, Calibrate(calibration));
  }
  return PlanCost(options_, workload, *speed, prices);
}

arrow::Result<Workload> CostArguments::Measure(const RunOptions& run) const {
  Workload workload = {.images = images_.value_or(0), .bytes = bytes_, .prefixes = prefixes_};
  if (images_) return workload;
  if (run.output.empty()) {
    ARROW_ASSIGN_OR_RAISE(workload, MeasureWorkload(run.list));
  } else {
    ARROW_ASSIGN_OR_RAISE(const pomona::Plan plan, MakePlan(run));
    if (!plan.refusal.empty()) return arrow::Status::Invalid(plan.refusal);
    workload.images = plan.added + plan.changed + plan.retried;
    workload.bytes = plan.bytes_to_fetch;
    workload.listing = plan.listing;
    if (workload.images == 0) {
      return arrow::Status::Invalid("nothing to extract: ", run.output, " is up to date",
                                    "\nhint: without OUTPUT all of the source is planned");
    }
  }
  workload.prefixes = prefixes_;
  return workload;
}

arrow::Result<std::optional<CoreSpeed>> CostArguments::ToldSpeed() const {
  if (!report_.empty()) return SpeedOfReport(report_);
  if (!speed_) return std::nullopt;
  CoreSpeed speed;
  speed.images_per_second = *speed_;
  speed.source = "as told";
  return speed;
}

}  // namespace pomona::cli
