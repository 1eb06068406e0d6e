#include "gil.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {
unsigned long main_thread = 0;
}  // namespace

GilPause::GilPause()
    : state_(Py_IsInitialized() && PyGILState_Check() ? PyEval_SaveThread() : nullptr) {}

GilPause::~GilPause() {
  if (state_ != nullptr) PyEval_RestoreThread(state_);
}

void RememberMainThread() {
  const nb::object thread = nb::module_::import_("threading").attr("main_thread")();
  main_thread = nb::cast<unsigned long>(thread.attr("ident"));
}

bool SignalRaised(bool keep) {
  if (PyThread_get_thread_ident() != main_thread || !Py_IsInitialized()) return false;
  const nb::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() == 0) return false;
  if (!keep) PyErr_Clear();
  return true;
}

}  // namespace pomona::python
