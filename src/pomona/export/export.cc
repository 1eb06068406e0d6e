#include "pomona/export.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/classify/classifier_file.h"
#include "pomona/classify/extract_for_classifier.h"
#include "pomona/classify/target_names.h"
#include "pomona/error_kind.h"
#include "pomona/export/agreement.h"
#include "pomona/export/answer_graph.h"
#include "pomona/export/bundle.h"
#include "pomona/export/export_texts.h"
#include "pomona/export/onnx_file.h"
#include "pomona/export/openvino_file.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/network.h"
#include "pomona/model/openvino_core.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// What of an image's way to its features no graph has.
Status RefuseOtherFeatures(const ExtractOptions& made) {
  if (made.views_average) {
    return Status::Invalid("the classifier learned from features that are the mean over views",
                           "\nhint: train on features of the pictures themselves (a column of "
                           "views may be beside them)");
  }
  if (made.image.filter != ResizeFilter::kBicubic) {
    return Status::Invalid("the classifier learned from images that were resized as `",
                           ResizeFilterName(made.image.filter),
                           "`, and a file can only resize as `bicubic`",
                           "\nhint: extract with option `resize=bicubic`, and train again");
  }
  return Status::OK();
}

/// The network that `made` names, if it is the one of the classifier's record.
Result<Model> NetworkOf(const ExtractOptions& made, const Classifier& classifier) {
  ARROW_ASSIGN_OR_RAISE(Model model, FindModel(made.model));
  ARROW_ASSIGN_OR_RAISE(const Json record, ParseJson(classifier.features()));
  const Json digest = record.value("model.digest", Json());
  if (digest.is_string() && digest != model.digest) {
    return Status::Invalid("the classifier learned from features of the network ",
                           ShownText(digest.get<std::string>()), ", and model `",
                           ShownText(made.model), "` is ", model.digest,
                           "\nhint: option `model` names the file of its network");
  }
  const Json int8 = record.value("int8.digest", Json());
  if (made.precision == Precision::kInt8 && int8.is_string() && int8 != model.int8_digest) {
    return Status::Invalid(
        "the classifier learned from features in int8 by another int8 file than "
        "that of model `",
        ShownText(made.model), "`");
  }
  if (!made.preprocess.empty()) {
    ARROW_ASSIGN_OR_RAISE(model.card.normalisation, PreprocessPreset(made.preprocess));
  }
  return model;
}

class Exporting {
 public:
  Exporting(const ExportOptions& options, const ClassifierFile& file, Classifier classifier)
      : options_(options), file_(file), classifier_(std::move(classifier)) {}

  Result<ExportReport> Run() {
    ARROW_ASSIGN_OR_RAISE(made_,
                          ExtractForClassifier(classifier_, options_.classifier, options_.model));
    ARROW_RETURN_NOT_OK(RefuseOtherFeatures(made_));
    ARROW_RETURN_NOT_OK(CheckOutput());
    ARROW_ASSIGN_OR_RAISE(const OpenVinoFiles files, Write());
    if (!options_.check.empty()) ARROW_RETURN_NOT_OK(Check(files));
    ARROW_RETURN_NOT_OK(PutOutput(files));
    return report_;
  }

 private:
  bool Is(ExportFormat format) const { return options_.format == format; }

  /// Each file of the output, in the order in which they appear: whoever finds the graph finds its
  /// weights.
  std::vector<std::string> Outputs() const {
    const std::string& output = options_.output;
    if (!Is(ExportFormat::kOpenVino)) return {output};
    return {output.substr(0, output.size() - 3) + "bin", output};
  }

  Status CheckOutput() const {
    if (Is(ExportFormat::kBundle)) return CheckBundle(options_.output, classifier_);
    for (const std::string& path : Outputs()) {
      ARROW_ASSIGN_OR_RAISE(const WholeFile file, WholeFile::At(path, options_.storage));
      ARROW_RETURN_NOT_OK(file.CheckCanPut(options_.overwrite));
    }
    return Status::OK();
  }

  Status PutOutput(const OpenVinoFiles& files) {
    if (Is(ExportFormat::kBundle)) {
      ARROW_RETURN_NOT_OK(WriteBundle(options_.output, files, classifier_));
      return BytesOfBundle(options_.output).Value(&report_.bytes);
    }
    for (const std::string& path : Outputs()) {
      ARROW_ASSIGN_OR_RAISE(const WholeFile file, WholeFile::At(path, options_.storage));
      const std::string& bytes =
          path.ends_with(".xml") && !files.xml.empty() ? files.xml : files.bin;
      ARROW_RETURN_NOT_OK(file.Put(bytes));
      report_.bytes += static_cast<int64_t>(bytes.size());
    }
    return Status::OK();
  }

  /// Of ONNX, `bin` is all of it.
  Result<OpenVinoFiles> Write() {
    ARROW_ASSIGN_OR_RAISE(const Model model, NetworkOf(made_, classifier_));
    const Precision learned = *made_.precision;
    const Precision precision = options_.precision.value_or(
        learned == Precision::kInt8 ? Precision::kInt8 : Precision::kF32);
    std::optional<Int8File> int8;
    if (precision == Precision::kInt8) {
      ARROW_RETURN_NOT_OK(RefuseWithoutInt8(model));
      ARROW_ASSIGN_OR_RAISE(int8, ReadInt8File(model.int8_path, model.int8_digest, model.digest));
    }
    ARROW_ASSIGN_OR_RAISE(
        const FeatureNetwork network,
        BuildFeatureNetwork(model, {made_.features, made_.features_layout, made_.pool},
                            made_.input_size, int8 ? &*int8 : nullptr));
    const ov::Shape image = network.graph->input().get_shape();
    const ov::Shape features = network.graph->output().get_shape();
    const Classifier& classifier = classifier_;
    if (static_cast<int64_t>(features.at(1)) != classifier.dim()) {
      return Status::Invalid("the classifier knows ", classifier.dim(), " features, and model `",
                             ShownText(made_.model), "` gives ", features.at(1));
    }
    report_ = {.version = kVersion,
               .output = options_.output,
               .format = options_.format,
               .precision = precision,
               .classes = classifier.classes(),
               .dim = classifier.dim(),
               .height = static_cast<int>(image.at(1)),
               .width = static_cast<int>(image.at(2)),
               .same_arithmetic = precision == learned,
               .agreement = {}};
    const ExportTexts texts = TextsOf(classifier, ToHex(Sha256Of(std::string_view(*file_.bytes))),
                                      model, precision, made_.image);
    const auto graph = AnswerGraph(network.graph, classifier);
    if (!Is(ExportFormat::kOnnx)) return WriteOpenVino(graph, texts);
    ARROW_ASSIGN_OR_RAISE(std::string onnx, WriteOnnx(*graph, texts));
    return OpenVinoFiles{.xml = "", .bin = std::move(onnx)};
  }

  Status Check(const OpenVinoFiles& files) {
    ARROW_ASSIGN_OR_RAISE(const auto exported, ReadExported(options_.format, files));
    ExtractOptions extract = made_;
    extract.threads = options_.threads;
    extract.storage = options_.storage;
    extract.stop = options_.stop;
    ARROW_ASSIGN_OR_RAISE(const ExportAgreement found,
                          MeasureAgreement(options_, exported, extract, classifier_));
    report_.agreement = found;
    if (!report_.same_arithmetic || found.holds()) return Status::OK();
    return DamagedData(fmt::format(
        "the file would answer otherwise than this classifier: {} of {} images have another first "
        "label, and a probability is {:.3g} off\nhint: nothing was written; please report this",
        found.contradicted, found.images, found.largest_difference));
  }

  const ExportOptions& options_;
  const ClassifierFile& file_;
  const Classifier classifier_;
  ExtractOptions made_;
  ExportReport report_;
};

}  // namespace

Result<ExportReport> Export(const ExportOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckOpenVinoProcess());
  ARROW_ASSIGN_OR_RAISE(const ClassifierFile file,
                        ReadClassifierFile(options.classifier, options.storage));
  ARROW_ASSIGN_OR_RAISE(Classifier classifier, PickTarget(file.classifiers, options.target));
  return Exporting(options, file, std::move(classifier)).Run();
}

}  // namespace pomona
