#pragma once

#include <arrow/status.h>

namespace pomona::cli {

/// What the process says to its caller. Documented in `pomona --help`.
enum ExitCode : int {
  kOk = 0,
  kFailed = 1,          ///< storage or else failed; for extract, the same command continues it
  kRefused = 2,         ///< a bad option, or a state in which the command does nothing
  kProblems = 3,        ///< a file or a table is damaged, or verify or doctor found problems
  kTooManyRejects = 4,  ///< extract: more images without features than --max-rejects allows
  kInterrupted = 130    ///< Ctrl-C or SIGTERM; for extract, the same command continues it
};

/// Prints `status` as "error: ..." with its "hint: ..." lines to stderr. Returns its code.
ExitCode Report(const arrow::Status& status);

}  // namespace pomona::cli
