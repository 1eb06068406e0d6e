#include "cli/cost_table.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "cli/terminal.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

std::string Money(double value) { return fmt::format("{:.{}f}", value, value < 10 ? 4 : 2); }

/// "1", or "1+4" for a cluster.
std::string Machines(const CostOption& option) {
  return fmt::format("{}{}", option.cluster ? "1+" : "", option.workers);
}

const char* Market(const CostOption& option) { return option.spot ? "Spot" : "on demand"; }

void PrintHead(const CostPlan& plan) {
  const Workload& work = plan.workload;
  fmt::print("{} images{}, {} prefix{} of S3\n", Thousands(work.images),
             work.bytes > 0 ? ", " + Bytes(work.bytes) : "", work.prefixes,
             work.prefixes == 1 ? "" : "es");
  fmt::print("speed: {:.2f} images/s a core{} ({})\n", plan.speed.images_per_second,
             plan.speed.precision.empty() ? "" : " in " + ShownText(plan.speed.precision),
             ShownText(plan.speed.source));
  fmt::print("prices: {} of {} in {}\n", ShownText(plan.prices.region), ShownText(plan.prices.date),
             ShownText(plan.prices.currency));
  for (const std::string& note : plan.notes) {
    fmt::print("{} {}\n", Blue("note:", stdout), ShownUri(note));
  }
}

void PrintRow(const CostOption& option) {
  fmt::print("{} {:<12} {:>8}  {:<9}  {:>12}  {:>12}  {:>9}  {:>11}  {}\n",
             option.unbeaten ? "*" : " ", ShownText(option.instance), Machines(option),
             Market(option), Duration(option.seconds()), Duration(option.work_seconds),
             Money(option.cost.total()), Money(option.cost_per_million),
             option.phases.bottleneck());
}

void PrintArithmetic(const CostOption& option) {
  const WorkPhases& phases = option.phases;
  fmt::print("    time: start-up {}, listing {}, cores {}, requests {}, network {}\n",
             Duration(option.startup_seconds), Duration(phases.listing), Duration(phases.cores),
             Duration(phases.requests), Duration(phases.network));
  const CostItems& cost = option.cost;
  fmt::print("    cost: instances {} + EMR {} + disks {} + requests {} + storage {}\n",
             Money(cost.instances), Money(cost.emr), Money(cost.disks), Money(cost.requests),
             Money(cost.storage));
  if (!option.simulated) return;
  fmt::print("    Spot: {:.2f} interruptions, {:.0f} images again; 95 of 100 runs within {}, {}\n",
             option.simulated->interruptions, option.simulated->lost_images,
             Duration(option.simulated->seconds_p95), Money(option.simulated->cost_p95));
}

void PrintChoice(const char* name, const CostPlan& plan, const std::optional<size_t>& index) {
  if (!index) return;
  const CostOption& option = plan.options[*index];
  fmt::print("{} {}, {} machine{}, {}: {}, {} {}\n", Bold(name, stdout), ShownText(option.instance),
             Machines(option), option.workers == 1 ? "" : "s", Market(option),
             Duration(option.seconds()), Money(option.cost.total()),
             ShownText(plan.prices.currency));
}

/// "done in 1 h 00 min for 2.0000 USD"
std::string Limits(const CostPlan& plan) {
  std::string text = "done";
  if (plan.deadline_seconds) text += " in " + Duration(*plan.deadline_seconds);
  if (plan.budget) text += " for " + Money(*plan.budget) + " " + ShownText(plan.prices.currency);
  return text;
}

}  // namespace

void PrintCost(const CostPlan& plan, bool explain) {
  PrintHead(plan);
  const std::string currency = ShownText(plan.prices.currency);
  fmt::print("\n  {:<12} {:>8}  {:<9}  {:>12}  {:>12}  {:>9}  {:>11}  {}\n", "instance", "machines",
             "bought", "time", "of it work", currency, currency + "/million", "limit");
  bool spot = false;
  for (const CostOption& option : plan.options) {
    PrintRow(option);
    if (explain) PrintArithmetic(option);
    spot = spot || option.spot;
  }
  fmt::print("\n* no other is as fast and as cheap\n");
  if (spot) {
    fmt::print("Spot: means of {} simulated runs, {} interruptions an hour, seed {}\n",
               Thousands(plan.simulated_runs), plan.interruptions_per_hour, plan.seed);
  }
  if (!plan.cheapest) {
    fmt::print("none is {}\n", Limits(plan));
    return;
  }
  if (plan.deadline_seconds || plan.budget) fmt::print("of those {}:\n", Limits(plan));
  PrintChoice("cheapest:", plan, plan.cheapest);
  PrintChoice("fastest:", plan, plan.fastest);
}

}  // namespace pomona::cli
