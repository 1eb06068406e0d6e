#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/metrics_arguments.h"
#include "cli/progress_display.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/run_showing.h"

namespace pomona::cli {
namespace {

struct Arguments {
  RunArguments run;
  MetricsArguments metrics;
  std::string report;
  bool quiet = false;
  bool json = false;
};

arrow::Status Extract(const Arguments& arguments) {
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

void AddExtractCommand(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("extract", "Make or continue a feature table");
  auto arguments = std::make_shared<Arguments>();
  arguments->run.AddTo(*command);
  arguments->metrics.AddTo(*command);
  command->add_option("--report", arguments->report, "Also write the run report to FILE");
  command->add_flag("--quiet", arguments->quiet, "Say nothing but errors");
  command->add_flag("--json", arguments->json, "Print the run report to stdout");
  command->footer(
      "Run the same command again to continue after anything: a crash, Ctrl-C, a full disk.\n"
      "Bad images become rows of OUTPUT/_pomona/rejects; everything else becomes a row of\n"
      "OUTPUT/part-*.parquet (path, label, features), which Spark, pandas, DuckDB and polars "
      "read.");
  command->callback(
      [arguments, &action] { action = [arguments] { return Report(Extract(*arguments)); }; });
}

}  // namespace pomona::cli
