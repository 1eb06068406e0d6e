#include "pomona/app/prototype_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/report/picture_loader.h"
#include "pomona/report/sprite_sheet.h"

namespace pomona {
namespace {

constexpr auto kPerSheet = static_cast<size_t>(SpriteLayout::kPerSheet);

/// What follows the last slash: where the photos lie is nobody's business.
std::string NameOf(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

arrow::Result<PrototypePictures> PicturesOf(const Classifier& classifier,
                                            const StorageOptions& storage, int threads,
                                            const arrow::StopToken& stop) {
  std::vector<std::string> paths;
  PrototypePictures made;
  Json pictures = Json::array();
  const auto& prototypes = classifier.prototypes();
  for (size_t label = 0; label < prototypes.size(); ++label) {
    for (const Prototype& one : prototypes[label]) {
      paths.push_back(one.path);
      made.positions.append(reinterpret_cast<const char*>(one.position.data()),
                            one.position.size() * sizeof(float));
      pictures.push_back(
          {{"label", label}, {"name", NameOf(one.path)}, {"sheet", nullptr}, {"cell", nullptr}});
    }
  }
  PictureLoader loader([&](int64_t i) { return std::string_view(paths[static_cast<size_t>(i)]); },
                       storage, threads);
  std::vector<int64_t> all(paths.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  std::vector<SpriteCell> cells;
  if (!all.empty()) {
    ARROW_ASSIGN_OR_RAISE(auto loaded, loader.Load(all, stop));
    for (size_t i = 0; i < loaded.size(); ++i) {
      if (!loaded[i]) continue;
      pictures[i]["sheet"] = cells.size() / kPerSheet;
      pictures[i]["cell"] = cells.size() % kPerSheet;
      cells.push_back(*std::move(loaded[i]));
    }
  }
  Json sheets = Json::array();
  for (size_t first = 0; first < cells.size(); first += kPerSheet) {
    const auto some = std::span(cells).subspan(first, std::min(kPerSheet, cells.size() - first));
    const std::string name = fmt::format("prototypes-{}.webp", sheets.size());
    constexpr size_t kColumns = SpriteLayout::kColumns;
    sheets.push_back({{"file", name}, {"rows", (some.size() + kColumns - 1) / kColumns}});
    ARROW_ASSIGN_OR_RAISE(std::string webp, EncodeSheet(some));
    made.sheets.push_back({.name = name, .webp = std::move(webp)});
  }
  made.pictures = static_cast<int64_t>(cells.size());
  made.missing = static_cast<int64_t>(paths.size() - cells.size());
  made.remarks = loader.Troubles();
  if (paths.empty()) {
    made.remarks.emplace_back(
        "the classifier keeps no pictures of training: what is nearest to an unknown fruit is not "
        "shown");
  }
  made.json = CompactJson({{"score", ScoreKindName(classifier.score_kind())},
                           {"columns", SpriteLayout::kColumns},
                           {"sheets", std::move(sheets)},
                           {"pictures", std::move(pictures)}});
  return made;
}

}  // namespace pomona
