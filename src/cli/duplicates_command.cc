#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/duplicates.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct DuplicatesArguments {
  DuplicatesRunOptions options;
  StorageArguments storage;
  bool quiet = false;
  bool json = false;
};

/// Data: the sets that matter most.
void PrintSets(const DuplicatesRunReport& report) {
  for (const ShownDuplicates& set : report.shown) {
    fmt::print("set {}: {} rows{}{}\n", set.set, Thousands(set.rows),
               set.across_labels ? ", labels differ" : "",
               set.across_splits ? ", splits differ" : "");
    for (const std::string& path : set.paths) fmt::print("  {}\n", ShownUri(path));
    const int64_t more = set.rows - static_cast<int64_t>(set.paths.size());
    if (more > 0) fmt::print("  and {} more\n", Thousands(more));
  }
}

void PrintSummary(const DuplicatesRunReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  fmt::print(stderr, "{} {} sets of rows within {:g} of each other hold {} of {} rows, in {}\n",
             Green("done", stderr), Thousands(report.sets), report.threshold,
             Thousands(report.rows_in_sets), Thousands(report.rows), Duration(report.seconds));
  if (report.compared < report.dim) {
    line("compared", fmt::format("the last layer: {} of {} features", Thousands(report.compared),
                                 Thousands(report.dim)));
  }
  line("exact", fmt::format("{} rows are equal to an earlier one, in {} groups",
                            Thousands(report.exact_rows), Thousands(report.exact_sets)));
  line("labels", report.labels_known ? fmt::format("{} sets hold more than one",
                                                   Thousands(report.sets_across_labels))
                                     : "the table has none");
  line("splits", report.rows_with_split > 0
                     ? fmt::format("{} sets hold more than one; {} of {} rows have one",
                                   Thousands(report.sets_across_splits),
                                   Thousands(report.rows_with_split), Thousands(report.rows))
                     : "no path tells one, and there is no --split");
  line("kept",
       fmt::format("{} rows: the first of each set, and those in none", Thousands(report.kept)));
  if (report.skipped > 0) {
    line("skipped", Thousands(report.skipped) + " rows without features");
  }
  if (!report.output.empty()) line("table", ShownUri(report.output));
  if (!report.keep.empty()) line("keep", ShownUri(report.keep));
}

arrow::Status Search(DuplicatesArguments& arguments) {
  DuplicatesRunOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(options.duplicates.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const DuplicatesRunReport report, RunDuplicates(options));
  if (arguments.json) {
    fmt::print("{}", report.ToJson());
  } else {
    PrintSets(report);
  }
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddDuplicatesCommand(Command all) {
  Command command =
      all.AddCommand("duplicates", "Find equal and near-equal rows of a feature table");
  auto arguments = std::make_shared<DuplicatesArguments>();
  DuplicatesRunOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command
      .Add("--threshold", options.duplicates.threshold,
           "Greatest cosine distance of any two rows of a set")
      .ShowDefault();
  command.Add("--split", options.split,
              "Parquet file of path, split (default: the folder called Training, Test, ...)");
  command.Add("-o,--output", options.output, "Write a Parquet file: path, set, label, keep");
  command.Add("--keep", options.keep,
              "Write the paths to keep, one a line: the first of each set, and those in none");
  command.AddFlag("--overwrite", options.overwrite, "Replace these files");
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.Add("--threads", options.duplicates.threads, "Cores to use (default: all)");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "A set holds no chain of unlike pictures: all of its rows are within the threshold of each\n"
      "other. Ten sets go to stdout: those across labels first, then across splits, then the "
      "largest.");
  command.Does([arguments] { return Report(Search(*arguments)); });
}

}  // namespace pomona::cli
