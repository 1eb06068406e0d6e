#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/cost_arguments.h"
#include "cli/cost_table.h"
#include "cli/listing_remarks.h"
#include "cli/run_arguments.h"
#include "cli/terminal.h"
#include "pomona/plan.h"
#include "pomona/predict.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct PlanArguments {
  RunArguments run;
  CostArguments cost;
  std::string classifier;
  bool explain = false;
  bool json = false;
};

void Print(const Plan& plan, bool explain) {
  fmt::print("{} references: {} unchanged, {} new, {} changed, {} deleted, {} to try again\n",
             Thousands(plan.references), Thousands(plan.unchanged), Thousands(plan.added),
             Thousands(plan.changed), Thousands(plan.deleted), Thousands(plan.retried));
  int64_t extract = 0;
  int64_t skip = 0;
  int64_t rewrite = 0;
  for (const auto& part : plan.parts) {
    ++(part.action == "extract" ? extract : part.action == "skip" ? skip : rewrite);
    if (explain) fmt::print("{} part {}: {}\n", part.action, part.index, ShownText(part.reason));
  }
  fmt::print("parts: {} to extract, {} to rewrite, {} skipped; {} to fetch\n", extract, rewrite,
             skip, Bytes(plan.bytes_to_fetch));
  if (plan.finished) fmt::print("nothing to do\n");
}

arrow::Status ShowPlan(const PlanArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const RunOptions options, arguments.run.Resolve());
  PredictOptions predict;
  predict.run = options;
  // Which network it is, the classifier knows; --model says where.
  const std::string model = std::exchange(predict.run.extract.model, ExtractOptions().model);
  if (model != predict.run.extract.model) predict.model = model;
  predict.classifier = arguments.classifier;
  ARROW_ASSIGN_OR_RAISE(const Plan plan,
                        predict.classifier.empty() ? MakePlan(options) : PlanPredict(predict));
  if (arguments.json) {
    fmt::print("{}", plan.ToJson());
  } else if (plan.refusal.empty()) {
    Print(plan, arguments.explain);
    std::fflush(stdout);
    PrintRemarks(plan.listing.Remarks());
  }
  // What extract would refuse, plan refuses too, in the same words.
  return plan.refusal.empty() ? arrow::Status::OK() : arrow::Status::Invalid(plan.refusal);
}

ExitCode ShowCost(const PlanArguments& arguments) {
  const auto run = arguments.run.Parse();
  if (!run.ok()) return Report(run.status());
  const auto plan = arguments.cost.Plan(*run);
  if (!plan.ok()) return Report(plan.status());
  if (arguments.json) {
    fmt::print("{}", plan->ToJson());
  } else {
    PrintCost(*plan, arguments.explain);
    std::fflush(stdout);
    PrintRemarks(plan->workload.listing.Remarks());
  }
  return plan->cheapest ? kOk : kProblems;
}

}  // namespace

void AddPlanCommand(Command all) {
  Command command = all.AddCommand(
      "plan", "Show what extract, or predict, would do now, or what it would cost; do nothing");
  auto arguments = std::make_shared<PlanArguments>();
  arguments->run.AddTo(command, /*places_required=*/false);
  arguments->cost.AddTo(command);
  command.Add("--classifier", arguments->classifier,
              "Show what predict would do with this classifier, rather than extract");
  command.AddFlag("--explain", arguments->explain, "Say why: part by part, or sum by sum");
  command.AddFlag("--json", arguments->json, "As JSON");
  command.Footer(
      "With --prices: ways to do it on rented machines, with time, cost and what limits them;\n"
      "exit code 3 if none keeps to --deadline and --budget. SOURCE can be left out if --images\n"
      "counts it; with OUTPUT only what is not extracted yet is planned. See docs/guides/cost.md.");
  command.Does([arguments] {
    return arguments->cost.wanted() ? ShowCost(*arguments) : Report(ShowPlan(*arguments));
  });
}

}  // namespace pomona::cli
