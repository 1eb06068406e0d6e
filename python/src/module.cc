#include <nanobind/stl/string.h>

#include <string>

#include "bindings.h"
#include "gil.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"
#include "stream_worker.h"

namespace nb = nanobind;

namespace pomona::python {
namespace {

// A str may hold what UTF-8 cannot: names of files that are none, as os.fsdecode gives them.
std::string Bytes(const nb::str& text) {
  const nb::object bytes = text.attr("encode")("utf-8", "surrogateescape");
  const auto held = nb::borrow<nb::bytes>(bytes);
  return {held.c_str(), held.size()};
}

void BindShownText(nb::module_& module) {
  module.def(
      "shown_message", [](const nb::str& text) { return ShownMessage(Bytes(text)); },
      nb::arg("message"), "A message for people: no credentials, and nothing a terminal obeys.");
  module.def(
      "shown_uri", [](const nb::str& text) { return ShownUri(Bytes(text)); }, nb::arg("uri"),
      "A URI for people, in the same way and on one line.");
}

}  // namespace
}  // namespace pomona::python

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
  BindSplit(module);
  BindClassifier(module);
  BindReadFeatures(module);
  BindNeighbors(module);
  BindCurate(module);
  BindMap(module);
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
