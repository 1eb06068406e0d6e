#include <nanobind/stl/string.h>

#include <string>
#include <utility>

#include "bindings.h"
#include "gil.h"
#include "interruptibly.h"
#include "options.h"
#include "pomona/plan.h"
#include "pomona/predict.h"
#include "pomona/verify.h"
#include "progress.h"
#include "raise.h"
#include "report_dict.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

RunOptions RunOptionsOf(const char* function, const nb::object& source, const nb::object& output,
                        const nb::kwargs& values) {
  Options given(function, values);
  RunOptions options;
  options.list.source = PathOf(source);
  options.output = PathOf(output);
  TakeOptions(given,
              {OptionGroup::kSource, OptionGroup::kModel, OptionGroup::kImages,
               OptionGroup::kOutput, OptionGroup::kResources, OptionGroup::kStorage},
              &options);
  given.Finish();
  return options;
}

nb::object RunIt(const nb::object& source, const nb::object& output, const nb::object& progress,
                 const nb::kwargs& values) {
  RunOptions options = RunOptionsOf("run", source, output, values);
  arrow::StopSource stop;
  options.extract.stop = stop.token();
  Progress shown(progress, &options);
  const auto report = ValueOrRaise(Interruptibly(
      stop, [&] { return Run(options); }, [&] { shown.Show(); }));
  shown.Show();
  return ReportDict(report.ToJson());
}

nb::object PlanIt(const nb::object& source, const nb::object& output, const nb::object& classifier,
                  const nb::kwargs& values) {
  PredictOptions options;
  options.run = RunOptionsOf("plan", source, output, values);
  arrow::StopSource stop;
  options.run.extract.stop = stop.token();
  if (!classifier.is_none()) {
    options.classifier = PathOf(classifier);
    // Which network it is, the classifier knows; `model` says where.
    std::string model = std::exchange(options.run.extract.model, ExtractOptions().model);
    if (model != options.run.extract.model) options.model = std::move(model);
  }
  const auto make = [&] {
    return classifier.is_none() ? MakePlan(options.run) : PlanPredict(options);
  };
  const auto plan = ValueOrRaise(Interruptibly(stop, make, [] {}));
  return ReportDict(plan.ToJson());
}

nb::object VerifyIt(const nb::object& output, const nb::kwargs& values) {
  Options given("verify", values);
  StorageOptions storage;
  bool quick = false;
  TakeStorageOptions(given, &storage);
  given.Take("quick", &quick);
  given.Finish();
  const std::string place = PathOf(output);
  const auto report = ValueOrRaise(WithoutGil([&] { return Verify(place, storage, quick); }));
  return ReportDict(report.ToJson());
}

}  // namespace

void BindRun(nb::module_& module) {
  module.def("run", &RunIt, nb::arg("source"), nb::arg("output"), nb::arg("progress").none(),
             nb::arg("options"), "Makes or continues a feature table.");
  module.def("plan", &PlanIt, nb::arg("source"), nb::arg("output"), nb::arg("classifier").none(),
             nb::arg("options"), "What run, or predict, would do now.");
  module.def("verify", &VerifyIt, nb::arg("output"), nb::arg("options"),
             "Proves a finished table by reading all of it, or looks quickly.");
}

}  // namespace pomona::python
