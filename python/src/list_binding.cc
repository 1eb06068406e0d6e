#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "gil.h"
#include "list_sources.h"
#include "options.h"
#include "pomona/model.h"
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

void BindModels(nb::module_& module) {
  nb::class_<Model>(module, "Model", "A network of the catalogue.")
      .def_prop_ro("name", [](const Model& self) { return self.card.name; })
      .def_prop_ro("description", [](const Model& self) { return self.card.description; })
      .def_prop_ro("source", [](const Model& self) { return self.card.source; })
      .def_prop_ro("license", [](const Model& self) { return self.card.license; })
      .def_prop_ro("features", [](const Model& self) { return self.card.features; })
      .def_ro("path", &Model::path)
      .def_ro("digest", &Model::digest)
      .def_ro("bytes", &Model::bytes)
      .def("__repr__", [](const Model& self) { return "<pomona.Model " + self.card.name + ">"; });
  module.def(
      "models", [] { return ValueOrRaise(WithoutGil([] { return ListModels(); })); },
      "All models of the catalogue, by name.");
}

}  // namespace pomona::python
