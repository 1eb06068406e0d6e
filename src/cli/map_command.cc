#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/map.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct MapArguments {
  MapOptions options;
  StorageArguments storage;
  std::string metric = "cosine";
  bool no_features = false;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintSummary(const MapReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  fmt::print(stderr, "{} {} rows by their {} neighbours, in {}\n",
             Green(report.finished_before ? "done before" : "done", stderr), Thousands(report.rows),
             report.neighbors, Duration(report.seconds));
  line("table", fmt::format("{}: {} part{}", ShownUri(report.output), report.parts,
                            report.parts == 1 ? "" : "s"));
  if (report.skipped > 0) {
    line("skipped",
         fmt::format("{} rows without features have no place{}", Thousands(report.skipped),
                     report.unusable == 0
                         ? ""
                         : fmt::format(", {} of them because these are of another length or not "
                                       "finite",
                                       Thousands(report.unusable))));
  }
  if (report.compared < report.dim) {
    line("compared", fmt::format("the {} features of the last layer, of {}",
                                 Thousands(report.compared), Thousands(report.dim)));
  }
  if (report.finished_before) return;
  line("time", fmt::format("reading {}, map {}, writing {}; {} memory at most",
                           Duration(report.read_seconds), Duration(report.projection_seconds),
                           Duration(report.write_seconds), Bytes(report.peak_memory_bytes)));
}

arrow::Status Map(MapArguments& arguments) {
  MapOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_ASSIGN_OR_RAISE(options.projection.metric, ParseNeighborMetric(arguments.metric));
  options.keep_features = !arguments.no_features;
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.projection.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const MapReport report, RunMap(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

ExitCode ReportMap(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr, "interrupted: the same command starts anew\n");
  return kInterrupted;
}

}  // namespace

void AddMapCommand(Command all) {
  Command command =
      all.AddCommand("map", "Give each row a place in the plane beside rows that are like it");
  auto arguments = std::make_shared<MapArguments>();
  MapOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("OUTPUT", options.output, "Folder or URI of the table to make").Required();
  command
      .Add("-k,--neighbors", options.projection.neighbors,
           "Nearest rows of each that are to lie beside it, and that are written")
      .ShowDefault();
  command
      .Add("--metric", arguments->metric, "cosine (1 less the cosine of the angle), or euclidean")
      .ShowDefault();
  command.AddFlag("--no-features", arguments->no_features,
                  "Leave the features, and views, out of OUTPUT");
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.Add("--rows-per-file", options.rows_per_file, "Rows of each file of the output")
      .ShowDefault();
  command.AddFlag("--overwrite", options.overwrite, "Remove an earlier table");
  command.Add("--threads", options.projection.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "OUTPUT has the rows and columns of FEATURES, and projection_x, projection_y and\n"
      "neighbors{ids, distances}, as Embedding Atlas reads them: docs/guides/map.md. The table is\n"
      "held in memory: 4 bytes a feature.");
  command.Does([arguments] { return ReportMap(Map(*arguments)); });
}

}  // namespace pomona::cli
