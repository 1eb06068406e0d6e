#include "pomona/model/catalogue.h"

#include <dlfcn.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "pomona/base/environment.h"
#include "pomona/base/file_text.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/model_card.h"
#include "pomona/model/model_files.h"
#include "pomona/model/model_format.h"

namespace pomona {
namespace fs = std::filesystem;
namespace {

/// Folder of the shared library (or program) that holds this code.
fs::path LibraryFolder() {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&LibraryFolder), &info) == 0) return {};
  std::error_code error;
  const fs::path file = fs::canonical(info.dli_fname, error);
  return error ? fs::path() : file.parent_path();
}

/// The network inside a model's folder: its only network file, or the one called "model".
/// Empty if there is none, or no way to tell.
fs::path NetworkIn(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / "saved_model" / "saved_model.pb", error)) return folder / "saved_model";
  if (fs::exists(folder / "saved_model.pb", error)) return folder;
  std::vector<fs::path> found;
  std::error_code unreadable;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!fs::is_regular_file(entry->path(), unreadable) || !FormatOf(entry->path())) continue;
    if (entry->path().stem() == "model") return entry->path();
    found.push_back(entry->path());
  }
  return found.size() == 1 ? found[0] : fs::path();
}

arrow::Result<Model> ReadModel(const fs::path& network, const fs::path& card,
                               const fs::path& int8) {
  Model model;
  std::error_code error;
  if (fs::exists(int8, error)) {
    model.int8_path = int8.string();
    // What is wrong with it is said to those who ask for int8.
    model.int8_digest = DigestOfInt8File(FileText(model.int8_path).ValueOr(""));
  }
  if (fs::exists(card, error)) {
    ARROW_ASSIGN_OR_RAISE(model.card, ReadModelCard(card.string()));
  }
  ARROW_RETURN_NOT_OK(DigestModel(network, &model));
  return model;
}

fs::path Beside(const fs::path& path, const std::string& name) {
  std::error_code error;
  const fs::path own = path.string() + "." + name;
  if (fs::exists(own, error)) return own;
  return (fs::is_directory(path, error) ? path : path.parent_path()) / name;
}

/// Names of a catalogue folder's models, sorted.
std::set<std::string> NamesIn(const fs::path& root) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name[0] != '.' && !NetworkIn(entry->path()).empty()) names.insert(name);
  }
  return names;
}

}  // namespace

fs::path UserCatalogue() {
  // By XDG's own word a relative path there counts as none.
  std::string data = FirstInEnvironment({"XDG_DATA_HOME"});
  if (!data.starts_with('/')) data = InHome("/.local/share");
  return data.empty() ? fs::path() : fs::path(data) / "pomona" / "models";
}

fs::path ShareFolder() {
  const fs::path library = LibraryFolder();
  std::error_code error;
  for (const fs::path& base : {library, library.parent_path()}) {
    const fs::path share = base / "share" / "pomona";
    if (!library.empty() && fs::is_directory(share, error)) return share;
  }
  return {};
}

std::vector<fs::path> CatalogueRoots() {
  std::vector<fs::path> roots;
  std::istringstream listed(FirstInEnvironment({"POMONA_MODELS"}));
  for (std::string root; std::getline(listed, root, ':');) {
    if (!root.empty()) roots.emplace_back(root);
  }
  for (const fs::path& root : {UserCatalogue(), ShareFolder() / "models"}) {
    if (root.is_absolute()) roots.push_back(root);
  }
  return roots;
}

arrow::Result<Model> ReadCatalogueModel(const fs::path& root, const std::string& name) {
  const fs::path network = NetworkIn(root / name);
  if (network.empty()) return arrow::Status::KeyError("no model `", name, "`");
  ARROW_ASSIGN_OR_RAISE(Model model,
                        ReadModel(network, root / name / "card.json", root / name / "int8.json"));
  model.card.name = name;
  return model;
}

fs::path CardBeside(const fs::path& path) { return Beside(path, "card.json"); }

fs::path Int8FileBeside(const fs::path& path) { return Beside(path, "int8.json"); }

arrow::Result<Model> ReadModelAt(const fs::path& path) {
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  const fs::path network = folder ? NetworkIn(path) : path;
  if (network.empty()) {
    return arrow::Status::Invalid("folder `", path.string(),
                                  "` does not hold exactly one model\nhint: one .xml, .onnx or "
                                  ".tflite file, or saved_model.pb, is looked for");
  }
  ARROW_ASSIGN_OR_RAISE(Model model, ReadModel(network, CardBeside(path), Int8FileBeside(path)));
  if (model.card.name.empty()) {
    model.card.name = (folder ? fs::canonical(path, error).filename() : path.stem()).string();
  }
  return model;
}

arrow::Result<Model> FindModel(const std::string& name_or_path) {
  std::error_code error;
  const auto roots = CatalogueRoots();
  if (name_or_path.find('/') == std::string::npos && !name_or_path.empty() &&
      name_or_path[0] != '.') {
    for (const auto& root : roots) {
      if (!NetworkIn(root / name_or_path).empty()) return ReadCatalogueModel(root, name_or_path);
    }
  }
  if (fs::exists(name_or_path, error)) return ReadModelAt(name_or_path);
  std::set<std::string> names;
  for (const auto& root : roots) names.merge(NamesIn(root));
  std::string known;
  for (const auto& name : names) known += (known.empty() ? "" : ", ") + name;
  return arrow::Status::KeyError("no model `", name_or_path, "`, by name or path\nhint: known are ",
                                 known.empty() ? "none" : known);
}

arrow::Result<std::vector<Model>> ListModels() {
  std::set<std::string> seen;
  std::vector<Model> models;
  for (const auto& root : CatalogueRoots()) {
    for (const auto& name : NamesIn(root)) {
      if (!seen.insert(name).second) continue;
      ARROW_ASSIGN_OR_RAISE(models.emplace_back(), ReadCatalogueModel(root, name));
    }
  }
  std::sort(models.begin(), models.end(),
            [](const Model& a, const Model& b) { return a.card.name < b.card.name; });
  return models;
}

}  // namespace pomona
