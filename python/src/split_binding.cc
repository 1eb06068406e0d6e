#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "bindings.h"
#include "interruptibly.h"
#include "options.h"
#include "pomona/split.h"
#include "report_dict.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

nb::object SplitIt(const nb::object& features, const nb::object& split, const nb::kwargs& values) {
  Options given("split", values);
  SplitOptions options;
  options.features = PathOf(features);
  options.split = PathOf(split);
  given.Take("column", &options.column);
  given.Take("by", &options.by);
  given.Take("group", &options.group);
  given.Take("group_column", &options.group_column);
  given.Take("within", &options.within);
  given.Take("twins", &options.twins);
  given.Take("train", &options.train);
  given.Take("test_share", &options.test_share);
  given.Take("calibration_share", &options.calibration_share);
  given.Take("hold_out", &options.hold_out);
  given.Take("folds", &options.folds);
  given.Take("seed", &options.seed);
  given.Take("overwrite", &options.overwrite);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return ReportDict(Interruptibly(options.stop, [&] { return MakeSplit(options); }).ToJson());
}

}  // namespace

void BindSplit(nb::module_& module) {
  module.def("split", &SplitIt, nb::arg("features"), nb::arg("split"), nb::arg("options"),
             "Tells rows to learn from and rows to judge by apart.");
}

}  // namespace pomona::python
