#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <span>
#include <string>

#include "bindings.h"
#include "gil.h"
#include "interruptibly.h"
#include "options.h"
#include "owned_array.h"
#include "pomona/issues.h"
#include "pomona/report.h"
#include "pomona/suggest.h"
#include "raise.h"
#include "report_dict.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using Labels = nb::ndarray<const int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Probabilities = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

nb::object FindIssuesOf(const nb::object& features, const nb::object& output,
                        const nb::kwargs& values) {
  Options given("issues", values);
  IssuesOptions options;
  options.features = PathOf(features);
  options.output = PathOf(output);
  given.Take("split", &options.split);
  given.Take("labels", &options.labels);
  given.Take("target", &options.target);
  given.Take("threshold", &options.threshold);
  given.Take("probabilities", &options.probabilities);
  given.Take("column", &options.column);
  given.Take("overwrite", &options.overwrite);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return ReportDict(Interruptibly(options.stop, [&] { return FindIssues(options); }).ToJson());
}

/// (is issue [n], score [n]) of labels [n] by probabilities [n, classes].
nb::object FindLabelIssuesOf(const Labels& labels, const Probabilities& probabilities,
                             int64_t least) {
  const std::span given(labels.data(), labels.size());
  const std::span rows(probabilities.data(), probabilities.size());
  const auto classes = static_cast<int64_t>(probabilities.shape(1));
  LabelIssues found =
      ValueOrRaise(WithoutGil([&] { return FindLabelIssues(rows, given, classes, least); }));
  const size_t n = given.size();
  return nb::make_tuple(OwnedArray(std::move(found.is_issue), {n}),
                        OwnedArray(std::move(found.score), {n}));
}

nb::object SuggestRows(const nb::object& features, int64_t budget, const nb::kwargs& values) {
  Options given("suggest", values);
  SuggestOptions options;
  options.features = PathOf(features);
  options.budget = budget;
  if (const nb::object one = given.Pop("classifier"); !one.is_none()) {
    options.classifier = PathOf(one);
  }
  given.Take("target", &options.target);
  if (const nb::object one = given.Pop("output"); !one.is_none()) options.output = PathOf(one);
  given.Take("column", &options.column);
  given.Take("overwrite", &options.overwrite);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return ReportDict(Interruptibly(options.stop, [&] { return Suggest(options); }).ToJson());
}

nb::object MakeReportOf(const nb::object& features, const nb::object& output,
                        const nb::kwargs& values) {
  Options given("report", values);
  ReportOptions options;
  options.features = PathOf(features);
  options.output = PathOf(output);
  given.Take("title", &options.title);
  given.Take("max_size", &options.max_size);
  const auto take_place = [&](const char* name, std::string* to) {
    if (const nb::object one = given.Pop(name); !one.is_none()) *to = PathOf(one);
  };
  take_place("classifier", &options.classifier);
  take_place("split", &options.split);
  take_place("labels", &options.labels);
  given.Take("target", &options.target);
  take_place("compare", &options.compare);
  take_place("data", &options.data);
  given.Take("column", &options.column);
  given.Take("overwrite", &options.overwrite);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  arrow::StopSource stop;
  options.stop = stop.token();
  return ReportDict(ValueOrRaise(Interruptibly(
                                     stop, [&] { return MakeReport(options); }, [] {}))
                        .ToJson());
}

}  // namespace

void BindCurate(nb::module_& module) {
  module.def("issues", &FindIssuesOf, nb::arg("features"), nb::arg("output"), nb::arg("options"),
             "Finds wrong labels, outliers and near duplicates of a table.");
  module.def("find_label_issues", &FindLabelIssuesOf, nb::arg("labels").noconvert(),
             nb::arg("probabilities").noconvert(), nb::arg("least"),
             "Labels that are likely to be wrong, by probabilities.");
  module.def("report", &MakeReportOf, nb::arg("features"), nb::arg("output"), nb::arg("options"),
             "Shows a table as one HTML page.");
  module.def("suggest", &SuggestRows, nb::arg("features"), nb::arg("budget"), nb::arg("options"),
             "Says which rows of a table to label next.");
}

}  // namespace pomona::python
