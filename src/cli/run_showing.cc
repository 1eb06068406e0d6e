#include "cli/run_showing.h"

#include "cli/progress_display.h"
#include "cli/stop_signals.h"

namespace pomona::cli {

arrow::Result<RunReport> RunShowing(RunOptions options, bool quiet) {
  ARROW_ASSIGN_OR_RAISE(options.extract.stop, StopOnSignals());
  if (quiet) return Run(options);
  ProgressDisplay display;
  options.on_progress = [&](const RunProgress& progress) { display.Show(progress); };
  return Run(options);
}

}  // namespace pomona::cli
