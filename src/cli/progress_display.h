#pragma once

#include <chrono>
#include <optional>

#include "pomona/base/clock.h"
#include "pomona/run.h"

namespace pomona::cli {

/// Shows a run on stderr: a bar that is redrawn on a terminal, one line every 10 s
/// elsewhere. Calls come from one thread.
class ProgressDisplay {
 public:
  ProgressDisplay();
  /// Takes the bar away.
  ~ProgressDisplay();
  void Show(const RunProgress& progress);

 private:
  const bool terminal_;
  bool drawn_ = false;
  Clock::time_point last_line_ = Clock::now();
};

/// What a person wants to know when it is over, in five seconds.
void PrintSummary(const RunReport& report);

}  // namespace pomona::cli
