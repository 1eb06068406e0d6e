#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "bindings.h"
#include "gil.h"
#include "options.h"
#include "pomona/check_output.h"
#include "pomona/read_features.h"
#include "raise.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

void Check(const nb::object& output, const nb::kwargs& values) {
  Options given("check_output", values);
  OutputCheck check;
  check.output = PathOf(output);
  const nb::object sources = given.Pop("sources");
  if (!sources.is_none()) {
    for (const nb::handle source : sources) {
      check.sources.push_back(PathOf(nb::borrow(source)));
    }
  }
  given.Take("tables_may_go", &check.tables_may_go);
  given.Take("names", &check.names);
  TakeStorageOptions(given, &check.storage);
  given.Finish();
  RaiseIfError(WithoutGil([&] { return CheckOutput(check); }));
}

Stream Read(const nb::object& table, const nb::kwargs& values) {
  Options given("read_features", values);
  ReadFeaturesOptions options;
  options.table = PathOf(table);
  given.Take("column", &options.column);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return Stream(ValueOrRaise(WithoutGil([&] { return ReadFeatures(options); })));
}

}  // namespace

void BindCheckOutput(nb::module_& module) {
  module.def("check_output", &Check, nb::arg("output"), nb::arg("options"),
             "Refuses a place where a table must not be written.");
}

void BindReadFeatures(nb::module_& module) {
  module.def("read_features", &Read, nb::arg("table"), nb::arg("options"),
             "Streams the features of a stored table, as they are stored.");
}

}  // namespace pomona::python
