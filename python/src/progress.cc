#include "progress.h"

#include <nanobind/stl/string.h>

#include <utility>

namespace pomona::python {
namespace nb = nanobind;

Progress::Progress(nb::object function, RunOptions* options) : function_(std::move(function)) {
  if (function_.is_none()) return;
  options->on_progress = [this](const RunProgress& now) {
    const std::lock_guard lock(mutex_);
    told_ = now;
  };
}

void Progress::Show() {
  std::optional<RunProgress> told;
  {
    const std::lock_guard lock(mutex_);
    told = std::exchange(told_, std::nullopt);
  }
  if (!told) return;
  nb::dict progress;
  progress["images"] = told->images;
  progress["rejects"] = told->rejects;
  progress["unchanged"] = told->unchanged;
  progress["references"] = told->total ? nb::cast(*told->total) : nb::none();
  progress["seconds"] = told->elapsed.count();
  progress["bottleneck"] = told->bottleneck;
  function_(progress);
}

}  // namespace pomona::python
