#include <string>

#include "bindings.h"
#include "gil.h"
#include "options.h"
#include "pomona/read_features.h"
#include "raise.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

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

void BindReadFeatures(nb::module_& module) {
  module.def("read_features", &Read, nb::arg("table"), nb::arg("options"),
             "Streams the features of a stored table, as they are stored.");
}

}  // namespace pomona::python
