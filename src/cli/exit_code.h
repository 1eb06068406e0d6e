#pragma once

#include <arrow/status.h>

#include <span>

namespace pomona::cli {

/// What the process says to its caller: see ExitCodes. Documented in `pomona --help`.
enum ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kRefused = 2,
  kProblems = 3,
  kTooManyRejects = 4,
  kInterrupted = 130
};

struct ExitCodeHelp {
  ExitCode code;
  const char* help;  ///< a sentence for people
};

/// All of them.
std::span<const ExitCodeHelp> ExitCodes();

/// Prints `status` as "error: ..." with its "hint: ..." lines to stderr. Returns its code.
ExitCode Report(const arrow::Status& status);

/// The same of a command that writes when all is known: one that was interrupted wrote nothing.
ExitCode ReportWhole(const arrow::Status& status);

}  // namespace pomona::cli
