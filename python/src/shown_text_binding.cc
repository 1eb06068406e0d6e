#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>

#include "bindings.h"
#include "pomona/shown_text.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

// A str may hold what UTF-8 cannot: names of files that are none, as os.fsdecode gives them.
std::string Bytes(const nb::str& text) {
  const nb::object bytes = text.attr("encode")("utf-8", "surrogateescape");
  const auto held = nb::borrow<nb::bytes>(bytes);
  return {held.c_str(), held.size()};
}

}  // namespace

void BindShownText(nb::module_& module) {
  module.def(
      "shown_message", [](const nb::str& text) { return ShownMessage(Bytes(text)); },
      nb::arg("message"), "A message for people: no credentials, and nothing a terminal obeys.");
  module.def(
      "shown_uri", [](const nb::str& text) { return ShownUri(Bytes(text)); }, nb::arg("uri"),
      "A URI for people, in the same way and on one line.");
}

}  // namespace pomona::python
