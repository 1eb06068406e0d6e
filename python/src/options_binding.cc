#include <nanobind/stl/string.h>

#include "bindings.h"
#include "pomona/options.h"

namespace pomona::python {
namespace nb = nanobind;

void BindOptions(nb::module_& module) {
  module.def(
      "options", [] { return nb::module_::import_("json").attr("loads")(RunOptionsJson()); },
      "All options of a run, as the table of the core has them.");
}

}  // namespace pomona::python
