#include "bindings.h"
#include "gil.h"
#include "list_sources.h"
#include "options.h"
#include "raise.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

ImageStream List(const nb::object& source, const nb::kwargs& values) {
  Options given("list_images", values);
  ListOptions options;
  const auto sources = SourcesOf(source);
  TakeListOptions(given, &options);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  auto stop = std::make_shared<arrow::StopSource>();
  options.stop = stop->token();
  return ImageStream(ValueOrRaise(WithoutGil([&] { return ListSources(sources, options); })), stop);
}

}  // namespace

void BindList(nb::module_& module) {
  module.def("list_images", &List, nb::arg("source"), nb::arg("options"),
             "Streams references to the images under `source`, in byte order of the URI.");
}

}  // namespace pomona::python
