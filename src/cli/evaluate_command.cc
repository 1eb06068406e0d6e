#include "pomona/evaluate.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/evaluation_table.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct EvaluateArguments {
  EvaluateOptions options;
  StorageArguments storage;
  std::string report;
  bool json = false;
};

arrow::Status RunEvaluate(EvaluateArguments& arguments) {
  EvaluateOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const auto reports, EvaluateTargets(options));
  const std::string json = EvaluateReportsJson(reports);
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, json));
  if (arguments.json) fmt::print("{}", json);
  for (const EvaluateReport& report : reports) {
    const bool several = reports.size() > 1;
    if (!arguments.json) {
      if (several) fmt::print("target {}\n", ShownText(report.target));
      fmt::print("{}", EvaluationTable(report.evaluations));
    }
    const std::string of = several ? "target " + ShownText(report.target) + ": " : "";
    for (const auto& remark : report.remarks) fmt::print(stderr, "note: {}{}\n", of, remark);
    if (report.left_out > 0) {
      fmt::print(stderr,
                 "note: {}{} rows did not judge: of other parts of the split, or without a label "
                 "or features\n",
                 of, Thousands(report.left_out));
    }
  }
  return arrow::Status::OK();
}

ExitCode ReportEvaluate(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr, "interrupted\n");
  return kInterrupted;
}

}  // namespace

void AddEvaluateCommand(Command all) {
  Command command = all.AddCommand("evaluate", "Judge a classifier by rows whose labels are known");
  auto arguments = std::make_shared<EvaluateArguments>();
  EvaluateOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("CLASSIFIER", options.classifier, "The file that pomona train wrote").Required();
  command.Add("--split", options.split,
              "The file of pomona split that it was trained by: its parts test and held-out judge "
              "(default: all rows judge)");
  command.Add(
      "--labels", options.labels,
      "A label map, CSV: what each label or path is to be called instead, and what is left out");
  command.Add("--target", options.target, "The target of that map, and of a classifier of several (default: the classifier's; of "
              "several, all)");
  command.Add("--draws", options.draws, "Draws of the bootstrap behind the intervals; 0: none")
      .ShowDefault();
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--json", arguments->json, "Print the report to stdout, in place of the table");
  arguments->storage.AddTo(command);
  command.Footer(
      "Where rows of a test have others of their group in training (frames of one movie), two "
      "columns\n"
      "are printed: of all rows, and of the rows of other groups, which is what to believe.");
  command.Does([arguments] { return ReportEvaluate(RunEvaluate(*arguments)); });
}

}  // namespace pomona::cli
