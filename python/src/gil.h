#pragma once

#include <nanobind/nanobind.h>

#include <utility>

namespace pomona::python {

/// Lets go of the GIL for its lifetime, if this thread has it. What Arrow's C interface calls
/// comes with the GIL from some readers, and without it from others.
class GilPause {
 public:
  GilPause();
  ~GilPause();
  GilPause(const GilPause&) = delete;
  GilPause& operator=(const GilPause&) = delete;

 private:
  PyThreadState* const state_;
};

/// The result of `work`, done without the GIL.
template <typename Work>
auto WithoutGil(Work&& work) {
  GilPause pause;
  return std::forward<Work>(work)();
}

/// Call with the GIL, once: which thread it is that runs Python's signal handlers.
void RememberMainThread();

/// Runs Python's handlers of the signals that came, on the main thread; elsewhere does
/// nothing. Call without the GIL. True if a handler raised (as Ctrl-C does): the exception is
/// left set if `keep`, else forgotten.
bool SignalRaised(bool keep);

}  // namespace pomona::python
