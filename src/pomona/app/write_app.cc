#include <utility>

#include "pomona/app.h"
#include "pomona/app/app_folder.h"
#include "pomona/app/cards.h"
#include "pomona/app/page_files.h"
#include "pomona/app/prototype_pictures.h"
#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/classify/classifier_file.h"
#include "pomona/classify/extract_for_classifier.h"
#include "pomona/classify/target_names.h"
#include "pomona/export.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/storage/whole_file.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kLargestCards = int64_t{16} << 20;
constexpr char kNetwork[] = "model.onnx";
constexpr int kFormat = 1;

/// One call of WriteApp: its state between the steps.
class AppRun {
 public:
  AppRun(const AppOptions& options, const ClassifierFile& file, Classifier classifier,
         std::filesystem::path source, AppFolder folder)
      : options_(options),
        file_(file),
        classifier_(std::move(classifier)),
        source_(std::move(source)),
        folder_(std::move(folder)) {}

  Result<AppReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const Cards cards, ReadCards());
    ARROW_RETURN_NOT_OK(PutNetwork());
    ARROW_ASSIGN_OR_RAISE(
        const PrototypePictures pictures,
        PicturesOf(classifier_, options_.storage,
                   options_.threads > 0 ? options_.threads : AvailableCores(), options_.stop));
    for (const auto& [name, webp] : pictures.sheets) ARROW_RETURN_NOT_OK(folder_.Put(name, webp));
    if (!pictures.positions.empty()) {
      ARROW_RETURN_NOT_OK(folder_.Put("prototypes.bin", pictures.positions));
    }
    ARROW_ASSIGN_OR_RAISE(const std::string about, About(cards, pictures));
    ARROW_RETURN_NOT_OK(folder_.Put("app.json", about));
    ARROW_RETURN_NOT_OK(PutPage(source_, options_.title, &folder_));
    ARROW_RETURN_NOT_OK(PutLicences());
    ARROW_RETURN_NOT_OK(PutServiceWorker(source_, &folder_));
    ARROW_RETURN_NOT_OK(options_.stop.Poll());
    Fill(cards, pictures);
    ARROW_RETURN_NOT_OK(folder_.Commit());
    report_.seconds = SecondsSince(start);
    return report_;
  }

 private:
  Result<Cards> ReadCards() const {
    const std::string path =
        options_.cards.empty() ? (source_ / "cards.csv").string() : options_.cards;
    ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(path, options_.storage));
    ARROW_ASSIGN_OR_RAISE(const auto bytes, file.Get(kLargestCards, "option `cards` names a file"));
    auto cards = CardsFor(std::string_view(*bytes), classifier_.labels());
    if (cards.ok()) return cards;
    return cards.status().WithMessage(ShownUri(path), ": ", cards.status().message());
  }

  Status PutNetwork() {
    ARROW_ASSIGN_OR_RAISE(const ExtractOptions made,
                          ExtractForClassifier(classifier_, options_.classifier, options_.model));
    ARROW_ASSIGN_OR_RAISE(const Model model, FindModel(made.model));
    ExportOptions how;
    how.classifier = options_.classifier;
    how.target = options_.target;
    how.model = options_.model;
    how.output = folder_.PathOf(kNetwork).string();
    how.precision =
        options_.precision.value_or(model.int8_path.empty() ? Precision::kF32 : Precision::kInt8);
    how.storage = options_.storage;
    how.stop = options_.stop;
    ARROW_ASSIGN_OR_RAISE(const ExportReport done, Export(how));
    report_.precision = done.precision;
    report_.same_arithmetic = done.same_arithmetic;
    network_ = {{"name", model.card.name},
                {"precision", PrecisionName(done.precision)},
                {"licence", model.card.license},
                {"source", model.card.source}};
    return folder_.Take(kNetwork);
  }

  Result<std::string> About(const Cards& cards, const PrototypePictures& pictures) const {
    ARROW_ASSIGN_OR_RAISE(Json told, ParseJson(cards.json));
    ARROW_ASSIGN_OR_RAISE(Json prototypes, ParseJson(pictures.json));
    return CompactJson({{"format", kFormat},
                        {"title", options_.title},
                        {"pomona", kVersion},
                        {"labels", classifier_.labels()},
                        {"classifier",
                         {{"digest", "sha256:" + ToHex(Sha256Of(std::string_view(*file_.bytes)))},
                          {"unknown_threshold", classifier_.unknown_threshold()}}},
                        {"network", network_},
                        {"cards", std::move(told)},
                        {"prototypes", std::move(prototypes)}});
  }

  /// Those of the page and its runtime, which are the same in all apps, then the network's.
  Status PutLicences() {
    ARROW_ASSIGN_OR_RAISE(std::string text, FileText((source_ / "licences.txt").string()));
    const auto said = [&](const char* name) {
      const auto& value = network_[name].get_ref<const std::string&>();
      return value.empty() ? std::string("not said") : value;
    };
    text += "\nThe network: " + said("name") + "\nFrom: " + said("source") +
            "\nLicence: " + said("licence") + "\n";
    return folder_.Put("licences.txt", text);
  }

  void Fill(const Cards& cards, const PrototypePictures& pictures) {
    report_.version = kVersion;
    report_.classifier = options_.classifier;
    report_.output = options_.output;
    report_.labels = classifier_.classes();
    report_.cards = cards.count;
    report_.labels_without_card = cards.labels_without_card;
    report_.pictures = pictures.pictures;
    report_.missing = pictures.missing;
    report_.remarks = pictures.remarks;
    report_.files = static_cast<int64_t>(folder_.files().size());
    for (const auto& [name, file] : folder_.files()) report_.bytes += file.bytes;
  }

  const AppOptions& options_;
  const ClassifierFile& file_;
  const Classifier classifier_;
  const std::filesystem::path source_;
  AppFolder folder_;
  Json network_;
  AppReport report_;
};

}  // namespace

Result<AppReport> WriteApp(const AppOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(auto source, PageSource());
  ARROW_ASSIGN_OR_RAISE(const auto file, ReadClassifierFile(options.classifier, options.storage));
  ARROW_ASSIGN_OR_RAISE(Classifier classifier, PickTarget(file.classifiers, options.target));
  ARROW_ASSIGN_OR_RAISE(const Uri output, Uri::Parse(options.output));
  ARROW_ASSIGN_OR_RAISE(AppFolder folder, AppFolder::Make(output.path, options.overwrite));
  return AppRun(options, file, std::move(classifier), std::move(source), std::move(folder))
      .Execute();
}

}  // namespace pomona
