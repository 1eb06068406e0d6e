#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/neighbors_run.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct NeighborsArguments {
  NeighborsRunOptions options;
  StorageArguments storage;
  std::string metric = "cosine";
  bool quiet = false;
  bool json = false;
};

/// Data: a line a neighbour, of the first queries.
void PrintNeighbors(const NeighborsRunReport& report) {
  for (size_t q = 0; q < report.shown.size(); ++q) {
    fmt::print("{}\n", ShownUri(report.shown_queries[q]));
    for (const FoundNeighbor& found : report.shown[q]) {
      fmt::print("  {:.6f}  {}  {}  {}\n", found.distance, found.id, ShownText(found.label),
                 ShownUri(found.path));
    }
  }
}

void PrintSummary(const NeighborsRunReport& report) {
  fmt::print(stderr, "{} the {} nearest of {} rows for {} {}, in {} (reading {})\n",
             Green("done", stderr), report.k, Thousands(report.rows), Thousands(report.queries),
             report.queries == 1 ? "query" : "queries", Duration(report.seconds),
             Duration(report.read_seconds));
  if (report.skipped > 0) {
    fmt::print(stderr, "  {} rows without features were left out; ids count them\n",
               Thousands(report.skipped));
  }
  if (!report.index.empty()) {
    fmt::print(stderr, "  index     {}{}\n", ShownUri(report.index),
               report.index_made ? ", made" : "");
  }
  if (!report.output.empty()) {
    fmt::print(stderr, "  table     {}\n", ShownUri(report.output));
  } else if (report.queries > NeighborsRunReport::kShownQueries) {
    fmt::print(stderr, "  {} of {} queries are shown; option --output writes all\n",
               NeighborsRunReport::kShownQueries, Thousands(report.queries));
  }
}

arrow::Status Search(NeighborsArguments& arguments) {
  NeighborsRunOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_ASSIGN_OR_RAISE(options.search.metric, ParseNeighborMetric(arguments.metric));
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(options.search.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const NeighborsRunReport report, RunNeighbors(options));
  if (arguments.json) {
    fmt::print("{}", report.ToJson());
  } else if (options.output.empty()) {
    PrintNeighbors(report);
  }
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddNeighborsCommand(Command all) {
  Command command =
      all.AddCommand("neighbors", "Find the nearest rows of a feature table, exactly");
  auto arguments = std::make_shared<NeighborsArguments>();
  NeighborsRunOptions& options = arguments->options;
  command
      .Add("FEATURES", options.features,
           "Folder or URI of the feature table to search, or one Parquet file")
      .Required();
  command.Add("QUERY", options.photos,
              "Photos to find neighbours of (default: each row of the table asks for the others)");
  command.Add("--of", options.of, "Instead: each row of this feature table asks");
  command.Add("-k,--k", options.search.k, "Neighbours of each query").ShowDefault();
  command
      .Add("--metric", arguments->metric, "cosine (1 less the cosine of the angle), or euclidean")
      .ShowDefault();
  command.Add("--where", options.where, "Only rows with this label are found: label=NAME");
  command.Add("--index", options.index,
              "A file of this machine that keeps the table ready for single queries; made if it is "
              "not there");
  command.Add("-o,--output", options.output,
              "Write a Parquet file: path, neighbors{ids, distances}; ids are rows, from 0 on");
  command.AddFlag("--overwrite", options.overwrite, "Replace that file");
  command.Add("--model", options.model,
              "The network for photos (default: that of the table's record)");
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.Add("--threads", options.search.threads, "Cores to use (default: all)");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print a report with the first 100 queries to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "Without --output, what is found for the first 100 queries goes to stdout: distance, row,\n"
      "label and path. The table is held in memory: 4 bytes a feature. An index has 5 on disk, of\n"
      "which a query reads one; it is refused when the table has changed.");
  command.Does([arguments] { return Report(Search(*arguments)); });
}

}  // namespace pomona::cli
