#include "bindings.h"
#include "gil.h"
#include "pomona/version.h"
#include "stream_worker.h"

namespace nb = nanobind;

NB_MODULE(_core, module) {
  using namespace pomona::python;
  // Streams and models that a program still holds at its end are no mistake.
  nb::set_leak_warnings(false);
  module.attr("__version__") = pomona::kVersion;
  RememberMainThread();
  BindArrow(module);
  BindStream(module);
  BindList(module);
  BindExtract(module);
  BindOptions(module);
  BindRun(module);
  BindModels(module);
  BindPca(module);
  BindReadFeatures(module);
  BindRejectLimit(module);
  BindShownText(module);
  BindCheckOutput(module);
  // While Python is still whole: threads of a stream may be waiting for the GIL. A slow storage
  // system shall not keep a program from ending.
  nb::module_::import_("atexit").attr("register")(nb::cpp_function([] {
    GilPause pause;
    StreamWorker::CloseAll(std::chrono::seconds(5));
  }));
}
