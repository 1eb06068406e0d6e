#include "pomona/locate.h"

#include <fmt/format.h>

#include <arrow/array.h>
#include <arrow/record_batch.h>

#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

#include "pomona/base/clock.h"
#include "pomona/base/json.h"
#include "pomona/classify/extract_for_classifier.h"
#include "pomona/image/image_reader.h"
#include "pomona/locate/box_drawing.h"
#include "pomona/locate/box_rows.h"
#include "pomona/locate/boxes.h"
#include "pomona/locate/map_network.h"
#include "pomona/neighbours/answer_file.h"
#include "pomona/reject.h"
#include "pomona/shown_text.h"
#include "pomona/source/fetch_rows.h"
#include "pomona/source/no_images.h"
#include "pomona/storage/uri.h"
#include "pomona/version.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using arrow::Result;
using arrow::Status;

constexpr int kImagesAtOnce = 16;

Status RefuseDistance(const Classifier& classifier, const std::string& path) {
  if (classifier.score_kind() == ScoreKind::kCosine) return Status::OK();
  return Status::Invalid("the classifier ", ShownUri(path),
                         " scores by distance, which does not say how near a window is",
                         "\nhint: train with option `score=cosine`");
}

/// A box of cells in pixels of the picture.
PixelBox InPicture(const CellBox& box, const FeatureMap& map, ImageSize picture,
                   const Classifier& classifier) {
  const auto pixel = [](int cell, int cells, int pixels) {
    return static_cast<int32_t>(
        std::lround(static_cast<double>(cell) * pixels / static_cast<double>(cells)));
  };
  const int32_t x = pixel(box.x, map.width, picture.width);
  const int32_t y = pixel(box.y, map.height, picture.height);
  return {.label = classifier.labels()[static_cast<size_t>(box.label)],
          .score = box.score,
          .x = x,
          .y = y,
          .width = pixel(box.x + box.width, map.width, picture.width) - x,
          .height = pixel(box.y + box.height, map.height, picture.height) - y};
}

/// A folder for pictures; local.
Result<fs::path> DrawingFolder(const std::string& folder) {
  if (folder.empty()) return fs::path();
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(folder));
  if (uri.scheme != Scheme::kLocal) {
    return Status::Invalid("option `draw` is ", ShownUri(folder),
                           ", and pictures are drawn into a folder on this machine");
  }
  return fs::path(uri.path);
}

class Locating {
 public:
  Locating(const LocateOptions& options, const Classifier& classifier, MapNetwork network,
           const ExtractOptions& extract, fs::path draw)
      : options_(options),
        classifier_(classifier),
        network_(std::move(network)),
        image_(Sized(extract.image, network_)),
        reader_(image_),
        draw_(std::move(draw)),
        pixels_(static_cast<size_t>(image_.width) * static_cast<size_t>(image_.height) * 3) {}

  Status Add(const std::string& path, const Result<std::shared_ptr<arrow::Buffer>>& fetched) {
    const Status done = fetched.ok() ? Look(path, **fetched) : fetched.status();
    const auto reason = RejectReasonOf(done);
    if (!reason) return done;
    ++report_.rejects;
    return rows_.AddReject(path, std::string(RejectCode(*reason)));
  }

  Result<std::shared_ptr<arrow::RecordBatch>> Finish() { return rows_.Finish(); }
  const LocateReport& report() const { return report_; }

 private:
  static ImageOptions Sized(ImageOptions image, const MapNetwork& network) {
    image.width = network.image_width();
    image.height = network.image_height();
    return image;
  }

  Status Look(const std::string& path, const arrow::Buffer& bytes) {
    const std::span<const uint8_t> encoded(bytes.data(), static_cast<size_t>(bytes.size()));
    ARROW_RETURN_NOT_OK(reader_.Read(encoded, pixels_.data()));
    ARROW_ASSIGN_OR_RAISE(const ImageSize picture, reader_.Size(encoded));
    ARROW_ASSIGN_OR_RAISE(const FeatureMap map, network_.Of(pixels_));
    std::vector<PixelBox> boxes;
    for (const CellBox& box :
         FindBoxes(map, classifier_, options_.cells, options_.least_score, options_.threads)) {
      boxes.push_back(InPicture(box, map, picture, classifier_));
    }
    ++report_.images;
    report_.boxes += static_cast<int64_t>(boxes.size());
    report_.empty += boxes.empty() ? 1 : 0;
    report_.map_height = map.height;
    report_.map_width = map.width;
    ARROW_RETURN_NOT_OK(rows_.Add(path, boxes));
    return draw_.empty() ? Status::OK() : Draw(path, encoded, picture, boxes);
  }

  Status Draw(const std::string& path, std::span<const uint8_t> encoded, ImageSize picture,
              const std::vector<PixelBox>& boxes) const {
    std::error_code error;
    fs::create_directories(draw_, error);
    if (error) {
      return Status::IOError("cannot make the folder ", ShownUri(options_.draw), ": ",
                             error.message());
    }
    const std::string name =
        fmt::format("{:06}-{}.svg", report_.images, fs::path(path).filename().string());
    ARROW_ASSIGN_OR_RAISE(const auto file,
                          AnswerFile::At((draw_ / name).string(), /*overwrite=*/true, {}));
    return file.PutText(DrawBoxes(encoded, picture, boxes, image_.exif_rotate));
  }

  const LocateOptions& options_;
  const Classifier& classifier_;
  MapNetwork network_;
  const ImageOptions image_;
  ImageReader reader_;
  const fs::path draw_;
  std::vector<uint8_t> pixels_;
  BoxRows rows_;
  LocateReport report_;
};

std::string Record(const LocateOptions& options, const Classifier& classifier) {
  return CompactJson({{"format", 1},
                      {"features", classifier.features()},
                      {"input_size", options.input_size},
                      {"cells", options.cells},
                      {"least_score", options.least_score}});
}

}  // namespace

Status LocateOptions::Validate() const {
  constexpr int kLeastSize = 32;
  constexpr int kMostSize = 2048;
  ARROW_RETURN_NOT_OK(images.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  ARROW_RETURN_NOT_OK(Uri::Parse(classifier).status());
  if (input_size != 0 && (input_size < kLeastSize || input_size > kMostSize)) {
    return Status::Invalid("option `input_size` is ", input_size, "; 32 to 2048 pixels, or 0");
  }
  if (cells < 1) return Status::Invalid("option `cells` is ", cells, "; at least 1");
  if (!(least_score >= -1 && least_score <= 1)) {
    return Status::Invalid("option `least_score` is ", least_score, "; -1 to 1");
  }
  if (threads < 0) return Status::Invalid("option `threads` is ", threads, "; at least 0");
  return Status::OK();
}

Result<LocateReport> Locate(const LocateOptions& options) {
  const auto start = Clock::now();
  ARROW_RETURN_NOT_OK(options.Validate());
  const StorageOptions& storage = options.images.storage;
  ARROW_ASSIGN_OR_RAISE(const Classifier classifier,
                        LoadClassifier(options.classifier, storage, options.target));
  ARROW_RETURN_NOT_OK(RefuseDistance(classifier, options.classifier));
  ARROW_ASSIGN_OR_RAISE(ExtractOptions extract,
                        ExtractForClassifier(classifier, options.classifier, options.model));
  if (options.input_size > 0) extract.input_size = options.input_size;
  ARROW_ASSIGN_OR_RAISE(const auto file,
                        AnswerFile::At(options.output, options.overwrite, storage));
  ARROW_ASSIGN_OR_RAISE(fs::path draw, DrawingFolder(options.draw));
  ListOptions list = options.images;
  list.label = "none";
  list.batch_rows = kImagesAtOnce;
  ARROW_ASSIGN_OR_RAISE(const auto listing, ListImages(list));
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(list.source));
  ARROW_ASSIGN_OR_RAISE(const auto source, OpenSource(uri, storage, kImagesAtOnce));
  ARROW_ASSIGN_OR_RAISE(MapNetwork network, MapNetwork::Load(extract, options.threads));
  Locating locating(options, classifier, std::move(network), extract, std::move(draw));
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> references;
    ARROW_RETURN_NOT_OK(listing->ReadNext(&references));
    if (references == nullptr) break;
    ARROW_RETURN_NOT_OK(list.stop.Poll());
    ARROW_ASSIGN_OR_RAISE(const auto fetched,
                          FetchRows(*source, *references, extract.image.max_bytes));
    const auto& paths = static_cast<const arrow::StringArray&>(*references->column(0));
    for (int64_t row = 0; row < references->num_rows(); ++row) {
      ARROW_RETURN_NOT_OK(locating.Add(paths.GetString(row), fetched[static_cast<size_t>(row)]));
    }
  }
  if (listing->summary().references == 0) return NoImages(list, listing->summary());
  ARROW_ASSIGN_OR_RAISE(const auto rows, locating.Finish());
  ARROW_RETURN_NOT_OK(file.PutTable(rows->schema(), {rows}, "locate", Record(options, classifier)));
  LocateReport report = locating.report();
  report.version = kVersion;
  report.source = options.images.source;
  report.output = options.output;
  report.seconds = SecondsSince(start);
  return report;
}

std::string LocateReport::ToJson() const {
  return JsonDocument({{"pomona", version},
                       {"source", ShownUri(source)},
                       {"output", ShownUri(output)},
                       {"images", images},
                       {"rejects", rejects},
                       {"boxes", boxes},
                       {"empty", empty},
                       {"map_height", map_height},
                       {"map_width", map_width},
                       {"seconds", seconds}});
}

}  // namespace pomona
