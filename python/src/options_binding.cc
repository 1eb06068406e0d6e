#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>

#include <map>
#include <string>

#include "bindings.h"
#include "pomona/options.h"
#include "pomona/reject_limit.h"
#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;

void BindOptions(nb::module_& module) {
  module.def(
      "options", [] { return nb::module_::import_("json").attr("loads")(RunOptionsJson()); },
      "All options of a run, as the table of the core has them.");
}

void BindRejectLimit(nb::module_& module) {
  nb::class_<RejectLimit>(module, "RejectLimit",
                          "How many images of a table may be rejects before its run is an error.")
      .def(
          "__init__",
          [](RejectLimit* self, const nb::object& limit) {
            new (self) RejectLimit(limit.is_none() ? RejectLimit()
                                                   : ValueOrRaise(RejectLimit::Parse(
                                                         nb::cast<std::string>(nb::str(limit)))));
          },
          nb::arg("limit") = nb::none())
      .def(
          "check",
          [](const RejectLimit& self, int64_t references,
             const std::map<std::string, int64_t>& reasons) {
            int64_t rejects = 0;
            for (const auto& [reason, count] : reasons) rejects += count;
            if (!self.IsExceeded(rejects, references)) return;
            RaiseIfError(TooManyRejects(rejects, references, reasons));
          },
          nb::arg("references"), nb::arg("reasons"),
          "Raises TooManyRejects where `reasons` counts more than there may be.");
}

}  // namespace pomona::python
