#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/pca_run.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct PcaArguments {
  PcaRunOptions options;
  StorageArguments storage;
  std::string features_as = "array";
  bool no_center = false;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintSummary(const PcaRunReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  const PcaModel& model = *report.model;
  double kept = 0;
  for (int64_t i = 0; i < model.k(); ++i) kept += model.ratio()[static_cast<size_t>(i)];
  fmt::print(stderr, "{} {} rows x {} features: {} component{}, {:.2f} % of the variance, in {}\n",
             Green(report.finished_before ? "done before" : "done", stderr), Thousands(report.rows),
             model.dim(), model.k(), model.k() == 1 ? "" : "s", kept * 100,
             Duration(report.seconds));
  std::string needed;
  for (const double share : {0.75, 0.90, 0.95, 0.99}) {
    needed += fmt::format("{}{:.0f} %: {}", needed.empty() ? "" : ", ", share * 100,
                          model.ComponentsFor(share));
  }
  line("k for", needed);
  line("table", fmt::format("{}: {} part{}", ShownUri(report.output), report.parts,
                            report.parts == 1 ? "" : "s"));
  if (report.skipped > 0) line("skipped", Thousands(report.skipped) + " rows without features");
  if (report.finished_before) return;
  line("time", fmt::format("statistics {}, components {}, projection {}; {} memory at most",
                           Duration(report.statistics_seconds), Duration(report.solve_seconds),
                           Duration(report.project_seconds), Bytes(report.peak_memory_bytes)));
}

arrow::Status Pca(PcaArguments& arguments) {
  PcaRunOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  options.pca.center = !arguments.no_center;
  ARROW_ASSIGN_OR_RAISE(options.features_as, ParseFeatureFormat(arguments.features_as));
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const PcaRunReport report, RunPca(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

ExitCode ReportPca(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr, "interrupted: the same command starts anew\n");
  return kInterrupted;
}

}  // namespace

void AddPcaCommand(Command all) {
  Command command =
      all.AddCommand("pca", "Reduce a table's features to their principal components");
  auto arguments = std::make_shared<PcaArguments>();
  PcaRunOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("OUTPUT", options.output, "Folder or URI of the table to make").Required();

  const char* components = "Components";
  command.Add("--k", options.pca.k, "Components to keep").Group(components);
  command
      .Add("--variance", options.pca.variance,
           "As few components as explain this share of the variance (default: 0.95)")
      .Group(components);
  command
      .AddFlag("--no-center", arguments->no_center,
               "Project without subtracting the mean, as Spark's PCA does")
      .Group(components);
  command
      .AddFlag("--standardize", options.pca.standardize,
               "Divide each feature by its standard deviation first")
      .Group(components);
  command
      .Add("--model", options.model,
           "Use the components of an earlier OUTPUT instead of finding new ones")
      .Group(components);

  const char* table = "Tables";
  command.Add("--column", options.column, "The column that holds the features")
      .ShowDefault()
      .Group(table);
  command.AddFlag("--csv", options.csv, "FEATURES is a matrix in comma-separated text")
      .Group(table);
  command
      .Add("--features-as", arguments->features_as, "array (list of float), or vector (Spark ML)")
      .ShowDefault()
      .Group(table);
  command.Add("--rows-per-file", options.rows_per_file, "Rows of each file of the output")
      .ShowDefault()
      .Group(table);
  command.AddFlag("--overwrite", options.overwrite, "Remove an earlier table").Group(table);

  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "The other columns stay as they are; rows without features are left out. The components\n"
      "are in OUTPUT/_pomona/pca.parquet, the scree curve in OUTPUT/_pomona/report.json.");
  command.Does([arguments] { return ReportPca(Pca(*arguments)); });
}

}  // namespace pomona::cli
