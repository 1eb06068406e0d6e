#include "cli/run_showing.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cli/progress_display.h"
#include "cli/stop_signals.h"
#include "pomona/shown_text.h"

namespace pomona::cli {

arrow::Result<RunReport> RunShowing(
    RunOptions options, bool quiet, const MetricsOptions& wanted_metrics,
    const std::function<arrow::Result<RunReport>(const RunOptions&)>& run) {
  ARROW_ASSIGN_OR_RAISE(options.extract.stop, StopOnSignals());
  std::unique_ptr<RunMetrics> metrics;
  if (wanted_metrics.wanted()) {
    ARROW_ASSIGN_OR_RAISE(metrics, RunMetrics::Open(wanted_metrics));
    if (!quiet && !metrics->url().empty())
      fmt::print(stderr, "metrics: {}\n", ShownUri(metrics->url()));
  }
  std::optional<ProgressDisplay> display;
  if (!quiet) display.emplace();
  std::map<std::string, int64_t> rejects;
  if (display || metrics) {
    options.on_progress = [&](const RunProgress& progress) {
      rejects = progress.rejects_by_reason;
      if (display) display->Show(progress);
      if (metrics) metrics->Update(progress);
    };
  }
  auto report = run(options);
  display.reset();
  // The summary of a run that is done says it, and so does the error of too many.
  if (!quiet && !report.ok() && !rejects.empty() && !IsTooManyRejects(report.status())) {
    fmt::print(stderr, "rejects so far: {}\n", DescribeRejects(rejects));
  }
  if (metrics) {
    // The table does not depend on it: no reason to call the run failed.
    if (auto status = metrics->Finish(report); !status.ok()) {
      fmt::print(stderr, "warning: {}\n", ShownMessage(status.message()));
    }
  }
  return report;
}

}  // namespace pomona::cli
