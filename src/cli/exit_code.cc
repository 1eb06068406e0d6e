#include "cli/exit_code.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "cli/spelling.h"
#include "cli/terminal.h"
#include "pomona/error_kind.h"
#include "pomona/reject.h"
#include "pomona/reject_limit.h"
#include "pomona/shown_text.h"

namespace pomona::cli {

std::span<const ExitCodeHelp> ExitCodes() {
  static constexpr ExitCodeHelp kCodes[] = {
      {kOk, "All is done."},
      {kFailed,
       "Storage or something else failed; the same `extract`, or `predict` of images, continues "
       "it."},
      {kRefused,
       "An option is bad, or the command does nothing in this state; nothing was changed."},
      {kProblems,
       "A file or a table is damaged; `verify` or `doctor` found problems; `plan` found nothing "
       "that keeps to a deadline and a budget."},
      {kTooManyRejects,
       "`extract` or `predict` has more images without features than `--max-rejects` allows."},
      {kInterrupted,
       "Ctrl-C or SIGTERM ended it; the same `extract`, or `predict` of images, continues it."},
  };
  return kCodes;
}

ExitCode Report(const arrow::Status& status) {
  if (status.ok()) return kOk;
  if (status.IsCancelled()) {
    fmt::print(stderr, "interrupted: the same command continues where this one stopped\n");
    return kInterrupted;
  }
  std::string message = status.message();
  // What the system said ("[errno 28] No space left on device") is beside Arrow's own words.
  const bool too_many_rejects = IsTooManyRejects(status);
  if (status.detail() != nullptr && !RejectReasonOf(status) && !too_many_rejects) {
    message += ": " + status.detail()->ToString();
  }
  message = ShownMessage(Spelt(message));
  const size_t hint = message.rfind("\nhint: ");
  fmt::print(stderr, "{} {}\n", Red("error:", stderr), message.substr(0, hint));
  if (hint != std::string::npos) {
    fmt::print(stderr, "{} {}\n", Blue("hint:", stderr), message.substr(hint + 7));
  }
  if (too_many_rejects) return kTooManyRejects;
  switch (KindOf(status)) {
    case ErrorKind::kRequest:
      return kRefused;
    case ErrorKind::kData:
      return kProblems;
    default:
      return kFailed;
  }
}

ExitCode ReportWhole(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr, "interrupted: nothing was written\n");
  return kInterrupted;
}

}  // namespace pomona::cli
