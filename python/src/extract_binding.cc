#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "arrow_capsule.h"
#include "bindings.h"
#include "feature_matrix.h"
#include "gil.h"
#include "image_list.h"
#include "list_sources.h"
#include "options.h"
#include "pomona/extract.h"
#include "pomona/list.h"
#include "raise.h"
#include "reference_reader.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using arrow::Result;

/// pomona.Extractor.
class PythonExtractor {
 public:
  explicit PythonExtractor(const nb::kwargs& values) : process_(getpid()) {
    Options given("Extractor", values);
    RunOptions options;
    TakeOptions(
        given,
        {OptionGroup::kModel, OptionGroup::kImages, OptionGroup::kResources, OptionGroup::kStorage},
        &options);
    given.Finish();
    extractor_ = ValueOrRaise(WithoutGil([&] { return Extractor::Load(options.extract); }));
  }

  ~PythonExtractor() {
    // A fork's child has no threads of the engine to end.
    if (getpid() != process_) {
      new std::shared_ptr(std::move(extractor_));
      return;
    }
    GilPause pause;
    extractor_.reset();
  }

  FeatureStream Extract(const nb::object& references, int64_t apart) {
    CheckProcess();
    auto given = ImportStream(references, ReferenceSchema());
    return FeatureStream(ValueOrRaise(WithoutGil([&]() -> Result<std::shared_ptr<FeatureReader>> {
      ARROW_ASSIGN_OR_RAISE(auto converted, ReadReferences(std::move(given)));
      return extractor_->Extract(std::move(converted), apart);
    })));
  }

  FeatureStream ExtractImages(const nb::object& images, int64_t apart) {
    CheckProcess();
    auto given = ImportStream(images, ImageList::schema());
    return FeatureStream(ValueOrRaise(
        WithoutGil([&] { return extractor_->ExtractImages(std::move(given), apart); })));
  }

  /// [n, feature_dim], float32.
  nb::object ExtractBytes(const nb::object& images) {
    CheckProcess();
    const ImageList list(images);
    FeatureMatrix features(list.size(), extractor_->feature_dim());
    const FeatureStream stream(
        ValueOrRaise(WithoutGil([&] { return extractor_->ExtractImages(list.Reader()); })));
    while (const auto batch = ValueOrRaise(stream.reader()->NextForPython())) {
      features.Append(*batch);
    }
    return features.ToNumpy();
  }

  const Extractor& extractor() const { return *extractor_; }

 private:
  void CheckProcess() const {
    if (getpid() == process_) return;
    RaiseIfError(arrow::Status::UnknownError(
        "an Extractor does not work in the child of a fork: its threads are in the parent\nhint: "
        "start such processes with multiprocessing's \"spawn\" or \"forkserver\" (a DataLoader: "
        "multiprocessing_context=\"spawn\"), and make it there"));
  }

  const pid_t process_;
  std::shared_ptr<Extractor> extractor_;
};

/// What the preset is for these sources (none: they are not known), where all else is as given.
Result<ExtractOptions> Completed(const std::vector<std::string>& sources,
                                 const RunOptions& options) {
  std::shared_ptr<arrow::RecordBatch> first;
  if (options.extract.preset == Preset::kFast && !sources.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto images, ListSources(sources, options.list));
    ARROW_RETURN_NOT_OK(images->ReadNext(&first));
  }
  return CompletePreset(options.extract, first);
}

nb::dict PresetOptions(const nb::object& source, const nb::kwargs& values) {
  Options given("extract", values);
  RunOptions options;
  const auto sources = source.is_none() ? std::vector<std::string>() : SourcesOf(source);
  TakeOptions(given,
              {OptionGroup::kSource, OptionGroup::kStream, OptionGroup::kModel,
               OptionGroup::kImages, OptionGroup::kResources, OptionGroup::kStorage},
              &options);
  given.Finish();
  const auto complete = ValueOrRaise(WithoutGil([&]() -> Result<ExtractOptions> {
    ARROW_RETURN_NOT_OK(options.extract.Validate());
    return Completed(sources, options);
  }));
  nb::dict chosen;
  chosen["precision"] = std::string(PrecisionName(*complete.precision));
  chosen["views"] = ViewNames(*complete.views);
  if (!complete.features.empty()) chosen["features"] = complete.features;
  if (complete.input_size > 0) chosen["input_size"] = complete.input_size;
  return chosen;
}

FeatureStream ExtractSource(const nb::object& source, const nb::kwargs& values) {
  Options given("extract", values);
  RunOptions options;
  const auto sources = SourcesOf(source);
  TakeOptions(given,
              {OptionGroup::kSource, OptionGroup::kStream, OptionGroup::kModel,
               OptionGroup::kImages, OptionGroup::kResources, OptionGroup::kStorage},
              &options);
  given.Finish();
  auto stop = std::make_shared<arrow::StopSource>();
  options.list.stop = stop->token();
  std::shared_ptr<ImageListing> images;
  auto features = ValueOrRaise(WithoutGil([&]() -> Result<std::shared_ptr<FeatureReader>> {
    ARROW_RETURN_NOT_OK(options.extract.Validate());
    ARROW_ASSIGN_OR_RAISE(images, ListSources(sources, options.list));
    ARROW_ASSIGN_OR_RAISE(const auto complete, Completed(sources, options));
    ARROW_ASSIGN_OR_RAISE(auto extractor, Extractor::Load(complete));
    return extractor->Extract(images);
  }));
  return FeatureStream(features, images, stop);
}

}  // namespace

void BindExtract(nb::module_& module) {
  module.def("extract", &ExtractSource, nb::arg("source"), nb::arg("options"),
             "Streams a feature row for each image under `source`, in byte order of the URI.");
  module.def("preset_options", &PresetOptions, nb::arg("source").none(), nb::arg("options"),
             "What the options of extract() are with their preset: precision, views, features and "
             "input_size, the last two where they are not the model's own.");
  nb::class_<PythonExtractor>(module, "Extractor",
                              "A network ready to extract: load it once, use it for many streams.")
      .def(
          "__init__",
          [](PythonExtractor* self, const nb::kwargs& values) {
            new (self) PythonExtractor(values);
          },
          nb::arg("options"))
      .def("extract", &PythonExtractor::Extract, nb::arg("references"), nb::kw_only(),
           nb::arg("apart") = 0, "Streams a feature row for each reference, in their order.")
      .def("extract_images", &PythonExtractor::ExtractImages, nb::arg("images"), nb::kw_only(),
           nb::arg("apart") = 0,
           "Streams features of the encoded images in a stream's only column, a row an image.")
      .def("extract_bytes", &PythonExtractor::ExtractBytes, nb::arg("images"),
           "Features of encoded images in memory: a float32 array, a row an image.")
      .def_prop_ro("feature_dim",
                   [](const PythonExtractor& self) { return self.extractor().feature_dim(); })
      .def_prop_ro("model",
                   [](const PythonExtractor& self) { return self.extractor().model().card.name; })
      .def_prop_ro("model_digest",
                   [](const PythonExtractor& self) { return self.extractor().model().digest; })
      .def_prop_ro("feature_tensor",
                   [](const PythonExtractor& self) { return self.extractor().feature_tensor(); })
      .def_prop_ro(
          "feature_origin",
          [](const PythonExtractor& self) { return Spelt(self.extractor().feature_origin()); })
      .def_prop_ro("feature_layout",
                   [](const PythonExtractor& self) -> std::optional<std::string> {
                     const std::string& layout = self.extractor().feature_layout();
                     if (layout.empty()) return std::nullopt;
                     return layout;
                   })
      .def_prop_ro("feature_slices",
                   [](const PythonExtractor& self) {
                     nb::list slices;
                     for (const FeatureSlice& slice : self.extractor().feature_slices()) {
                       nb::dict described;
                       described["tensor"] = slice.tensor;
                       described["pool"] = slice.pool;
                       described["length"] = slice.length;
                       slices.append(described);
                     }
                     return slices;
                   })
      .def_prop_ro("input_size",
                   [](const PythonExtractor& self) {
                     const ImageOptions& image = self.extractor().options().image;
                     return nb::make_tuple(image.width, image.height);
                   })
      .def_prop_ro("views",
                   [](const PythonExtractor& self) -> std::optional<std::string> {
                     const auto& views = *self.extractor().options().views;
                     return views.empty() ? std::nullopt : std::optional(ViewNames(views));
                   })
      .def_prop_ro("precision", [](const PythonExtractor& self) {
        return std::string(PrecisionName(self.extractor().precision()));
      });
}

}  // namespace pomona::python
