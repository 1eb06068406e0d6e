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
  RunOptions options;
  const auto sources = SourcesOf(source);
  TakeOptions(given, {OptionGroup::kSource, OptionGroup::kStream, OptionGroup::kStorage}, &options);
  given.Finish();
  auto stop = std::make_shared<arrow::StopSource>();
  options.list.stop = stop->token();
  return ImageStream(ValueOrRaise(WithoutGil([&] { return ListSources(sources, options.list); })),
                     stop);
}

}  // namespace

void BindList(nb::module_& module) {
  module.def("list_images", &List, nb::arg("source"), nb::arg("options"),
             "Streams references to the images under `source`, in byte order of the URI.");
}

}  // namespace pomona::python
