#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace pomona::python {

/// A report of the core, a JSON object, as a dict; what it says to people (`refusal`, `remarks`) in
/// Python's spelling.
nanobind::dict ReportDict(const std::string& json);

}  // namespace pomona::python
