#include "cli/exit_code.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "cli/terminal.h"
#include "pomona/error_kind.h"
#include "pomona/reject.h"

namespace pomona::cli {

ExitCode Report(const arrow::Status& status) {
  if (status.ok()) return kOk;
  if (status.IsCancelled()) {
    fmt::print(stderr, "interrupted: the same command continues where this one stopped\n");
    return kInterrupted;
  }
  std::string message = status.message();
  // What the system said ("[errno 28] No space left on device") is beside Arrow's own words.
  if (status.detail() != nullptr && !RejectReasonOf(status)) {
    message += ": " + status.detail()->ToString();
  }
  const size_t hint = message.find("\nhint: ");
  fmt::print(stderr, "{} {}\n", Red("error:", stderr), message.substr(0, hint));
  if (hint != std::string::npos) {
    fmt::print(stderr, "{} {}\n", Blue("hint:", stderr), message.substr(hint + 7));
  }
  switch (KindOf(status)) {
    case ErrorKind::kRequest:
      return kRefused;
    case ErrorKind::kData:
      return kProblems;
    default:
      return kFailed;
  }
}

}  // namespace pomona::cli
