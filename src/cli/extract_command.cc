#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/progress_display.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/run_showing.h"

namespace pomona::cli {
namespace {

struct ExtractArguments {
  RunArguments run;
  MetricsArguments metrics;
  std::string report;
  bool quiet = false;
  bool json = false;
};

arrow::Status Extract(const ExtractArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const RunOptions options, arguments.run.Resolve());
  ARROW_ASSIGN_OR_RAISE(const MetricsOptions metrics, arguments.metrics.Resolve());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(const RunReport report, RunShowing(options, arguments.quiet, metrics));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddExtractCommand(Command all) {
  Command command = all.AddCommand("extract", "Make or continue a feature table");
  auto arguments = std::make_shared<ExtractArguments>();
  arguments->run.AddTo(command);
  arguments->metrics.AddTo(command);
  command.Add("--report", arguments->report, "Also write the run report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the run report to stdout");
  command.Footer(
      "Run the same command again to continue after anything: a crash, Ctrl-C, a full disk.\n"
      "Bad images become rows of OUTPUT/_pomona/rejects; everything else becomes a row of\n"
      "OUTPUT/part-*.parquet (path, label, features), which Spark, pandas, DuckDB and polars "
      "read.");
  command.Does([arguments] { return Report(Extract(*arguments)); });
}

}  // namespace pomona::cli
