#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "gil.h"
#include "pomona/model.h"
#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;

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
