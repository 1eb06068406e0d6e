#include "report_dict.h"

#include <nanobind/stl/string.h>

#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;

nb::dict ReportDict(const std::string& json) {
  auto report = nb::cast<nb::dict>(nb::module_::import_("json").attr("loads")(json));
  if (report.contains("refusal")) {
    report["refusal"] = Spelt(nb::cast<std::string>(report["refusal"]));
  }
  if (report.contains("remarks")) {
    nb::list remarks;
    for (const nb::handle remark : report["remarks"]) {
      remarks.append(Spelt(nb::cast<std::string>(remark)));
    }
    report["remarks"] = remarks;
  }
  return report;
}

}  // namespace pomona::python
