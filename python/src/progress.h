#pragma once

#include <nanobind/nanobind.h>

#include <mutex>
#include <optional>

#include "pomona/run.h"

namespace pomona::python {

/// Gives a Python function the last progress that a run told.
class Progress {
 public:
  /// `function`: None, or what Show calls. `options` are those of the run, which is told to tell
  /// it; this outlives that run.
  Progress(nanobind::object function, RunOptions* options);

  /// Calls the function, if anything new was told. With the GIL. What it raises is thrown.
  void Show();

 private:
  const nanobind::object function_;
  std::mutex mutex_;
  std::optional<RunProgress> told_;
};

}  // namespace pomona::python
