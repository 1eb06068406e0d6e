#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/predict.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct PredictArguments {
  PredictOptions options;
  StorageArguments storage;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintSummary(const PredictReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  const Classifier& classifier = *report.classifier;
  fmt::print(stderr, "{} {} rows, {} labels, in {}\n",
             Green(report.finished_before ? "done before" : "done", stderr), Thousands(report.rows),
             Thousands(classifier.classes()), Duration(report.seconds));
  line("table", fmt::format("{}: {} part{}", ShownUri(report.output), report.parts,
                            report.parts == 1 ? "" : "s"));
  if (report.finished_before) return;
  line("one label",
       fmt::format("{} rows have a set of one label; a set shall hold the right one in "
                   "{:g} % of cases",
                   Thousands(report.single), classifier.coverage() * 100));
  line("unknown", fmt::format("{} rows look like no label; {:g} % of known rows may",
                              Thousands(report.unknown), classifier.false_alarms() * 100));
  if (report.skipped > 0) line("skipped", Thousands(report.skipped) + " rows without features");
}

arrow::Status RunPredict(PredictArguments& arguments) {
  PredictOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const PredictReport report, Predict(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

ExitCode ReportPredict(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr, "interrupted: the same command starts anew\n");
  return kInterrupted;
}

}  // namespace

void AddPredictCommand(Command all) {
  Command command =
      all.AddCommand("predict", "Name the labels of a table's rows, and how sure that is");
  auto arguments = std::make_shared<PredictArguments>();
  PredictOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("OUTPUT", options.output, "Folder or URI of the table to make").Required();
  command.Add("--classifier", options.classifier, "The file that pomona train wrote").Required();
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.Add("--rows-per-file", options.rows_per_file, "Rows of each file of the output")
      .ShowDefault();
  command.AddFlag("--overwrite", options.overwrite, "Remove an earlier table");
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "Each row keeps its other columns and gets predicted, probability, set (the labels that "
      "hold\n"
      "with the promised coverage), unknown, unknown_score and probabilities.");
  command.Does([arguments] { return ReportPredict(RunPredict(*arguments)); });
}

}  // namespace pomona::cli
