#include <nanobind/stl/string.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "bindings.h"
#include "gil.h"
#include "interruptibly.h"
#include "options.h"
#include "pomona/plan.h"
#include "pomona/verify.h"
#include "raise.h"
#include "report_dict.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

/// The last progress that a run told, until Python asks for it.
class Progress {
 public:
  void Tell(const RunProgress& progress) {
    const std::lock_guard lock(mutex_);
    told_ = progress;
  }

  /// None if nothing new was told.
  nb::object Take() {
    std::optional<RunProgress> told;
    {
      const std::lock_guard lock(mutex_);
      told = std::exchange(told_, std::nullopt);
    }
    if (!told) return nb::none();
    nb::dict progress;
    progress["images"] = told->images;
    progress["rejects"] = told->rejects;
    progress["unchanged"] = told->unchanged;
    progress["references"] = told->total ? nb::cast(*told->total) : nb::none();
    progress["seconds"] = told->elapsed.count();
    progress["bottleneck"] = told->bottleneck;
    return progress;
  }

 private:
  std::mutex mutex_;
  std::optional<RunProgress> told_;
};

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
  Progress told;
  if (!progress.is_none()) {
    options.on_progress = [&told](const RunProgress& now) { told.Tell(now); };
  }
  const auto show = [&] {
    if (progress.is_none()) return;
    if (const nb::object now = told.Take(); !now.is_none()) progress(now);
  };
  const auto report = ValueOrRaise(Interruptibly(
      stop, [&] { return Run(options); }, show));
  show();
  return ReportDict(report.ToJson());
}

nb::object PlanIt(const nb::object& source, const nb::object& output, const nb::kwargs& values) {
  RunOptions options = RunOptionsOf("plan", source, output, values);
  arrow::StopSource stop;
  options.extract.stop = stop.token();
  const auto plan = ValueOrRaise(Interruptibly(
      stop, [&] { return MakePlan(options); }, [] {}));
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
  module.def("plan", &PlanIt, nb::arg("source"), nb::arg("output"), nb::arg("options"),
             "What run would do now.");
  module.def("verify", &VerifyIt, nb::arg("output"), nb::arg("options"),
             "Proves a finished table by reading all of it, or looks quickly.");
}

}  // namespace pomona::python
