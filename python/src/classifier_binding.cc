#include <arrow/buffer.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "gil.h"
#include "interruptibly.h"
#include "options.h"
#include "owned_array.h"
#include "pomona/classifier.h"
#include "pomona/error_kind.h"
#include "pomona/evaluate.h"
#include "pomona/predict.h"
#include "pomona/train.h"
#include "progress.h"
#include "raise.h"
#include "report_dict.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using Rows = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

/// The options that say how to learn.
void TakeLearning(Options& given, TrainOptions* options) {
  std::string method = "discriminant";
  given.Take("method", &method);
  options->method = ValueOrRaise(ParseTrainMethod(method));
  given.Take("penalty", &options->penalty);
  given.Take("balanced", &options->balanced);
  given.Take("shrinkage", &options->shrinkage);
  std::string score;
  given.Take("score", &score);
  if (!score.empty()) options->score = ValueOrRaise(ParseScoreKind(score));
  given.Take("coverage", &options->coverage);
  given.Take("false_alarms", &options->false_alarms);
  given.Take("threads", &options->threads);
}

nb::object TrainIt(const nb::object& features, const nb::object& classifier,
                   const nb::kwargs& values) {
  Options given("train", values);
  TrainOptions options;
  options.features = PathOf(features);
  options.output = PathOf(classifier);
  given.Take("split", &options.split);
  given.Take("labels", &options.labels);
  given.Take("targets", &options.targets);
  given.Take("like", &options.like);
  given.Take("validate", &options.validate);
  TakeLearning(given, &options);
  given.Take("prototypes", &options.prototypes);
  given.Take("views", &options.views);
  given.Take("column", &options.column);
  given.Take("overwrite", &options.overwrite);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return ReportDict(
      TrainReportsJson(Interruptibly(options.stop, [&] { return TrainTargets(options); })));
}

nb::object EvaluateIt(const nb::object& features, const nb::object& classifier,
                      const nb::kwargs& values) {
  Options given("evaluate", values);
  EvaluateOptions options;
  options.features = PathOf(features);
  options.classifier = PathOf(classifier);
  given.Take("split", &options.split);
  given.Take("labels", &options.labels);
  given.Take("target", &options.target);
  given.Take("draws", &options.draws);
  given.Take("column", &options.column);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return ReportDict(
      EvaluateReportsJson(Interruptibly(options.stop, [&] { return EvaluateTargets(options); })));
}

nb::object PredictIt(const nb::object& source, const nb::object& output,
                     const nb::object& classifier, const nb::object& progress,
                     const nb::kwargs& values) {
  Options given("predict", values);
  PredictOptions options;
  options.run.list.source = PathOf(source);
  options.run.output = PathOf(output);
  options.classifier = PathOf(classifier);
  if (const nb::object model = given.Pop("model"); !model.is_none()) options.model = PathOf(model);
  given.Take("column", &options.column);
  given.Take("keep_features", &options.keep_features);
  given.Take("rows_per_file", &options.rows_per_file);
  // What makes features is the classifier's.
  TakeOptions(given,
              {OptionGroup::kSource, OptionGroup::kImages, OptionGroup::kOutput,
               OptionGroup::kResources, OptionGroup::kStorage},
              &options.run, [](const Option& option) { return !option.makes_features; });
  given.Finish();
  arrow::StopSource stop;
  options.run.extract.stop = stop.token();
  Progress shown(progress, &options.run);
  const auto report = ValueOrRaise(Interruptibly(
      stop, [&] { return Predict(options); }, [&] { shown.Show(); }));
  shown.Show();
  return ReportDict(report.ToJson());
}

/// Those of all targets of a file.
std::vector<Classifier> Load(const nb::object& path, const nb::kwargs& values) {
  Options given("Classifier.load", values);
  StorageOptions storage;
  TakeStorageOptions(given, &storage);
  given.Finish();
  const std::string place = PathOf(path);
  return ValueOrRaise(WithoutGil([&] { return LoadClassifiers(place, storage); }));
}

/// [classes]: of each a list of (path, position).
nb::list PrototypesOf(const Classifier& self) {
  nb::list all;
  for (const auto& of_class : self.prototypes()) {
    nb::list some;
    for (const Prototype& one : of_class) {
      some.append(nb::make_tuple(
          one.path, OwnedArray(std::vector<float>(one.position), {one.position.size()})));
    }
    all.append(some);
  }
  return all;
}

using Numbers = nb::ndarray<const int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

std::vector<int32_t> NumbersOf(const Numbers& numbers) {
  return {numbers.data(), numbers.data() + numbers.size()};
}

/// (classifier, report). label: [n], numbers of `names`.
nb::object Fit(const Rows& rows, const std::vector<std::string>& names, const Numbers& label,
               const std::optional<Numbers>& groups, const nb::kwargs& values) {
  Options given("Classifier.fit", values);
  TrainOptions options;
  TakeLearning(given, &options);
  given.Finish();
  RowsToLearn learned = {.values = {rows.data(), rows.size()},
                         .dim = static_cast<int64_t>(rows.shape(1)),
                         .labels = {},
                         .groups = {}};
  for (const int32_t number : NumbersOf(label)) {
    learned.labels.push_back(names.at(static_cast<size_t>(number)));
  }
  if (groups) learned.groups = NumbersOf(*groups);
  const auto report = Interruptibly(options.stop, [&] { return TrainOnRows(learned, options); });
  return nb::make_tuple(*report.classifier, ReportDict(report.ToJson()));
}

void Save(const Classifier& self, const nb::object& path, const nb::kwargs& values) {
  Options given("Classifier.save", values);
  bool overwrite = false;
  given.Take("overwrite", &overwrite);
  StorageOptions storage;
  TakeStorageOptions(given, &storage);
  given.Finish();
  const std::string place = PathOf(path);
  RaiseIfError(WithoutGil([&] { return SaveClassifier(self, place, overwrite, storage); }));
}

nb::bytes BytesOf(const Classifier& self) {
  const auto bytes = ValueOrRaise(self.ToBytes());
  return nb::bytes(bytes->data(), static_cast<size_t>(bytes->size()));
}

Classifier OfBytes(const nb::bytes& bytes) {
  return ValueOrRaise(
      Classifier::FromBytes(arrow::Buffer::FromString(std::string(bytes.c_str(), bytes.size()))));
}

/// (probabilities [n, classes], unknown scores [n], numbers of the nearest prototypes [n, nearest])
/// of rows [n, dim].
nb::object Answer(const Classifier& self, const Rows& rows, int threads, int nearest) {
  const auto count = static_cast<int64_t>(rows.shape(0));
  if (static_cast<int64_t>(rows.shape(1)) != self.dim()) {
    RaiseIfError(DamagedData("rows have ", rows.shape(1), " features, not ", self.dim()));
  }
  const float* values = rows.data();
  auto answers = WithoutGil([&]() -> arrow::Result<Classifier::Answers> {
    if (threads < 0 || threads > 1024) {
      return arrow::Status::Invalid("threads is ", threads, ", it must be 0 to 1024");
    }
    return self.Answer(values, count, threads, nearest);
  });
  Classifier::Answers made = ValueOrRaise(std::move(answers));
  const auto n = static_cast<size_t>(count);
  const size_t found = n == 0 ? 0 : made.nearest.size() / n;
  return nb::make_tuple(
      OwnedArray(std::move(made.probabilities), {n, static_cast<size_t>(self.classes())}),
      OwnedArray(std::move(made.unknown), {n}), OwnedArray(std::move(made.nearest), {n, found}));
}

}  // namespace

void BindClassifier(nb::module_& module) {
  module.def("train", &TrainIt, nb::arg("features"), nb::arg("classifier"), nb::arg("options"),
             "Learns to name labels from a table's features.");
  module.def("evaluate", &EvaluateIt, nb::arg("features"), nb::arg("classifier"),
             nb::arg("options"), "Judges a classifier by rows whose labels are known.");
  module.def("predict", &PredictIt, nb::arg("source"), nb::arg("output"), nb::arg("classifier"),
             nb::arg("progress").none(), nb::arg("options"),
             "Names the labels of images, or of a table's rows.");
  nb::class_<Classifier>(module, "CoreClassifier")
      .def_static("load", &Load, nb::arg("path"), nb::arg("options"))
      .def_static("fit", &Fit, nb::arg("rows").noconvert(), nb::arg("names"),
                  nb::arg("label").noconvert(), nb::arg("groups").none().noconvert(),
                  nb::arg("options"))
      .def_static("from_bytes", &OfBytes, nb::arg("bytes"))
      .def("to_bytes", &BytesOf)
      .def("save", &Save, nb::arg("path"), nb::arg("options"))
      .def_prop_ro(
          "method",
          [](const Classifier& self) { return std::string(LearnMethodName(self.method())); })
      .def_prop_ro(
          "score_kind",
          [](const Classifier& self) { return std::string(ScoreKindName(self.score_kind())); })
      .def("answer", &Answer, nb::arg("rows").noconvert(), nb::arg("threads") = 1,
           nb::arg("nearest") = 0)
      .def_prop_ro("labels", [](const Classifier& self) { return self.labels(); })
      .def_prop_ro("target", [](const Classifier& self) { return self.target(); })
      .def_prop_ro("prototypes", &PrototypesOf)
      .def_prop_ro("dim", &Classifier::dim)
      .def_prop_ro("coverage", &Classifier::coverage)
      .def_prop_ro("set_quantile", &Classifier::set_quantile)
      .def_prop_ro("unknown_threshold", &Classifier::unknown_threshold)
      .def_prop_ro("false_alarms", &Classifier::false_alarms)
      .def_prop_ro("features", [](const Classifier& self) { return self.features(); });
}

}  // namespace pomona::python
