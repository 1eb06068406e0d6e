#include "cli/stop_signals.h"

#include <csignal>

namespace pomona::cli {

arrow::Result<arrow::StopToken> StopOnSignals() {
  ARROW_ASSIGN_OR_RAISE(arrow::StopSource * source, arrow::SetSignalStopSource());
  ARROW_RETURN_NOT_OK(arrow::RegisterCancellingSignalHandler({SIGINT, SIGTERM}));
  return source->token();
}

}  // namespace pomona::cli
