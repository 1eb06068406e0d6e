#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/shown_text.h"
#include "pomona/suggest.h"

namespace pomona::cli {
namespace {

struct SuggestArguments {
  SuggestOptions options;
  StorageArguments storage;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintSummary(const SuggestReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<12}{}\n", name, text);
  };
  fmt::print(stderr, "{} {} of {} rows suggested, in {}\n", Green("done", stderr),
             Thousands(static_cast<int64_t>(report.suggested.size())), Thousands(report.candidates),
             Duration(report.seconds));
  line("known",
       fmt::format("{} {}", Thousands(report.known),
                   report.classifier.empty() ? "labelled rows" : "labels of the classifier"));
  for (const auto& remark : report.remarks) line("note", remark);
  if (!report.output.empty()) line("table", ShownUri(report.output));
}

arrow::Status RunSuggest(SuggestArguments& arguments) {
  SuggestOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const SuggestReport report, Suggest(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) {
    fmt::print("{}", report.ToJson());
  } else {
    for (const SuggestedRow& one : report.suggested) fmt::print("{}\n", one.path);
  }
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddSuggestCommand(Command all) {
  Command command = all.AddCommand("suggest", "Say which photos to label next");
  auto arguments = std::make_shared<SuggestArguments>();
  SuggestOptions& options = arguments->options;
  command
      .Add("FEATURES", options.features,
           "Folder or URI of a feature table, or one Parquet file: rows without a label are "
           "suggested, or any if all have one")
      .Required();
  command.Add("--budget", options.budget, "How many to suggest").Required();
  command.Add(
      "--classifier", options.classifier,
      "A file of pomona train: rows that it is unsure of come first (default: by where they "
      "lie alone, far from each other and from labelled rows)");
  command.Add("-o,--output", options.output,
              "Write a Parquet file: order, row, path, uncertainty, predicted_label, distance");
  command.AddFlag("--overwrite", options.overwrite, "Replace a file that is there");
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout instead");
  arguments->storage.AddTo(command);
  command.Footer("Paths go to stdout, one a line, the most useful first.");
  command.Does([arguments] { return ReportWhole(RunSuggest(*arguments)); });
}

}  // namespace pomona::cli
