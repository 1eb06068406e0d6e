#include <stdlib.h>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "pomona/extract/load_extractor.h"
#include "pomona/int8.h"
#include "pomona/int8/compare_answers.h"
#include "pomona/int8/drawn_photos.h"
#include "pomona/int8/photo_features.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/int8_parts.h"
#include "pomona/version.h"

namespace pomona {
namespace fs = std::filesystem;
namespace {

/// Numbers of first layers that are tried in f32, one after another, until the features are close
/// to those of f32: the layers that see the pixels are those that rounding costs most, and few.
constexpr size_t kFirstLayers[] = {0, 1, 3, 6, 10, 15};
/// Of the features of each photo that gave the ranges: the mean and the least.
constexpr double kMeanCosine = 0.99;
constexpr double kLeastCosine = 0.98;

/// A folder that goes with everything in it.
class WorkFolder {
 public:
  static arrow::Result<std::unique_ptr<WorkFolder>> Make() {
    std::string path = fs::temp_directory_path() / "pomona-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) return arrow::Status::IOError("no temporary folder");
    return std::unique_ptr<WorkFolder>(new WorkFolder(std::move(path)));
  }
  ~WorkFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit WorkFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

arrow::Status WriteFile(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".tmp";
  std::ofstream file(unfinished, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file.good()) fs::rename(unfinished, path, error);
  if (file.good() && !error) return arrow::Status::OK();
  fs::remove(unfinished, error);
  return arrow::Status::IOError("cannot write `", path, "`");
}

std::string SetName(const Int8Options& options) {
  if (!options.name.empty()) return options.name;
  std::string source = options.images.source;
  while (source.size() > 1 && source.ends_with('/')) source.pop_back();
  return fs::path(source).filename().string();
}

/// Four digits: ranges need no more, and files stay small.
double Short(float number) { return std::stod(fmt::format("{:.4g}", number)); }

class Making {
 public:
  explicit Making(const Int8Options& options) : options_(options) {}

  arrow::Result<Int8Report> Make() {
    ARROW_ASSIGN_OR_RAISE(model_, FindModel(options_.extract.model));
    if (!options_.extract.preprocess.empty()) {
      ARROW_ASSIGN_OR_RAISE(model_.card.normalisation,
                            PreprocessPreset(options_.extract.preprocess));
    }
    ARROW_RETURN_NOT_OK(FindParts());
    ARROW_ASSIGN_OR_RAISE(work_, WorkFolder::Make());
    ARROW_ASSIGN_OR_RAISE(photos_,
                          DrawPhotos(options_.images, options_.calibrated, options_.compared));
    ARROW_ASSIGN_OR_RAISE(f32_, Load(Precision::kF32));
    ARROW_RETURN_NOT_OK(Observe());
    ARROW_ASSIGN_OR_RAISE(file_.calibration.digest,
                          DigestPhotos(options_.images, *photos_.calibrated));
    ARROW_RETURN_NOT_OK(ChooseFloatLayers());

    Int8Report report;
    report.output = options_.output;
    report.model = model_.card.name;
    report.calibrated = file_.calibration.images;
    report.layers = static_cast<int64_t>(parts_.layers.size());
    for (const std::string& layer : parts_.layers) {
      if (file_.float_layers.contains(layer)) report.float_layers.push_back(layer);
    }
    if (photos_.compared->num_rows() > 0) {
      ARROW_ASSIGN_OR_RAISE(const auto exact, FeaturesOfPhotos(*f32_, *photos_.compared));
      ARROW_ASSIGN_OR_RAISE(const auto rounded, FeaturesOfPhotos(*int8_, *photos_.compared));
      CompareAnswers(exact, rounded, &report);
    }
    ARROW_RETURN_NOT_OK(WriteFile(options_.output, Int8FileText(file_)));
    return report;
  }

 private:
  arrow::Status FindParts() {
    const auto find = [&] {
      return FindInt8Parts(model_, options_.extract.features, options_.extract.features_layout);
    };
    ARROW_ASSIGN_OR_RAISE(parts_, find());
    if (parts_.layers.empty()) {
      return arrow::Status::Invalid("model `", model_.card.name,
                                    "` has no layer before its features that can be of 8 bits");
    }
    for (const std::string& layer : options_.float_layers) {
      if (std::find(parts_.layers.begin(), parts_.layers.end(), layer) != parts_.layers.end()) {
        continue;
      }
      return arrow::Status::KeyError("model `", model_.card.name, "` has no layer `", layer,
                                     "` that can be of 8 bits");
    }
    // A reader of a format may call what the file does not name by a number that it goes on
    // counting.
    ARROW_ASSIGN_OR_RAISE(const Int8Parts again, find());
    if (again.layers == parts_.layers && again.tensors == parts_.tensors) {
      return arrow::Status::OK();
    }
    return arrow::Status::Invalid("layers of model `", model_.card.name,
                                  "` have no names of their own, by which its int8 file could call "
                                  "them\nhint: save it as OpenVINO IR, which gives them names");
  }

  arrow::Result<std::shared_ptr<Extractor>> Load(
      Precision precision, ExtractorGives gives = ExtractorGives::kFeatures) const {
    ExtractOptions extract = options_.extract;
    extract.precision = precision;
    return LoadExtractor(model_, extract, gives);
  }

  /// Fills the file but for the layers that stay in f32.
  arrow::Status Observe() {
    ARROW_ASSIGN_OR_RAISE(auto extractor, Load(Precision::kF32, ExtractorGives::kRanges));
    ARROW_ASSIGN_OR_RAISE(const auto ranges, FeaturesOfPhotos(*extractor, *photos_.calibrated));
    for (int64_t photo = 0; photo < ranges.count(); ++photo) {
      if (!ranges.decoded[static_cast<size_t>(photo)]) continue;
      const auto seen = ranges.row(photo);
      for (size_t i = 0; i < parts_.tensors.size(); ++i) {
        const double low = Short(seen[2 * i]);
        const double high = Short(seen[2 * i + 1]);
        auto [known, is_new] = file_.ranges.try_emplace(parts_.tensors[i], ValueRange{low, high});
        known->second.low = std::min(known->second.low, low);
        known->second.high = std::max(known->second.high, high);
      }
      ++file_.calibration.images;
    }
    if (file_.calibration.images == 0) {
      return arrow::Status::Invalid("no image of ", options_.images.source, " can be decoded");
    }
    file_.network = model_.digest;
    file_.made_by = fmt::format("pomona {}", kVersion);
    file_.calibration.name = SetName(options_);
    file_.calibration.height = parts_.height;
    file_.calibration.width = parts_.width;
    return arrow::Status::OK();
  }

  /// Sets int8_, too.
  arrow::Status ChooseFloatLayers() {
    const std::set<std::string> wanted(options_.float_layers.begin(), options_.float_layers.end());
    if (!wanted.empty()) return UseFloatLayers(wanted);
    ARROW_ASSIGN_OR_RAISE(const auto exact, FeaturesOfPhotos(*f32_, *photos_.calibrated));
    std::set<std::string> best;
    double best_mean = -2;
    for (const size_t first : kFirstLayers) {
      if (first >= parts_.layers.size()) break;
      const std::set<std::string> tried(parts_.layers.begin(),
                                        parts_.layers.begin() + static_cast<ptrdiff_t>(first));
      ARROW_RETURN_NOT_OK(UseFloatLayers(tried));
      ARROW_ASSIGN_OR_RAISE(const auto rounded, FeaturesOfPhotos(*int8_, *photos_.calibrated));
      const Cosines cosines = CompareRows(exact, rounded);
      if (cosines.mean >= kMeanCosine && cosines.least >= kLeastCosine) return arrow::Status::OK();
      if (cosines.mean > best_mean) {
        best_mean = cosines.mean;
        best = tried;
      }
    }
    return UseFloatLayers(best);
  }

  arrow::Status UseFloatLayers(const std::set<std::string>& layers) {
    file_.float_layers = layers;
    const std::string text = Int8FileText(file_);
    model_.int8_path = work_->path() + "/int8.json";
    model_.int8_digest = DigestOfInt8File(text);
    ARROW_RETURN_NOT_OK(WriteFile(model_.int8_path, text));
    // Its threads end before those of the next one begin.
    int8_.reset();
    ARROW_ASSIGN_OR_RAISE(int8_, Load(Precision::kInt8));
    return arrow::Status::OK();
  }

  const Int8Options& options_;
  Model model_;
  Int8Parts parts_;
  Int8File file_;
  DrawnPhotos photos_;
  std::unique_ptr<WorkFolder> work_;
  std::shared_ptr<Extractor> f32_;
  std::shared_ptr<Extractor> int8_;
};

}  // namespace

arrow::Result<Int8Report> MakeInt8(const Int8Options& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  return Making(options).Make();
}

}  // namespace pomona
