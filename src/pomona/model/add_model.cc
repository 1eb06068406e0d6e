#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>

#include "pomona/base/environment.h"
#include "pomona/model/catalogue.h"
#include "pomona/model/model_files.h"
#include "pomona/model/network.h"
#include "pomona/model/run_program.h"

namespace pomona {
namespace fs = std::filesystem;
namespace {

constexpr char kConverter[] = "convert_efficientnet_lite.py";
const std::set<std::string> kConvertible = {"efficientnet-lite0", "efficientnet-lite1",
                                            "efficientnet-lite2"};

arrow::Status CheckName(const std::string& name) {
  constexpr char kAllowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (name.empty() || name[0] == '.' || name.find_first_not_of(kAllowed) != std::string::npos) {
    return arrow::Status::Invalid("model name `", name,
                                  "` must be letters, digits, `.`, `_` and `-`, and not begin with "
                                  "`.`");
  }
  return arrow::Status::OK();
}

std::string Python() {
  if (auto chosen = FirstInEnvironment({"POMONA_PYTHON"}); !chosen.empty()) return chosen;
  std::error_code error;
  return fs::exists(POMONA_BUILD_PYTHON, error) ? POMONA_BUILD_PYTHON : "python3";
}

std::string LastLine(const std::string& text) {
  const size_t end = text.find_last_not_of(" \n\r");
  if (end == std::string::npos) return "no message";
  const size_t newline = text.rfind('\n', end);
  const size_t begin = newline == std::string::npos ? 0 : newline + 1;
  const std::string line = text.substr(begin, end - begin + 1);
  constexpr std::string_view kPrefix = "error: ";
  return line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : line;
}

arrow::Status Convert(const std::string& name, const fs::path& catalogue) {
  const fs::path converter = ShareFolder() / kConverter;
  std::error_code error;
  if (!fs::exists(converter, error)) {
    return arrow::Status::IOError("the converter `", kConverter,
                                  "` is not in this installation's share/pomona folder");
  }
  const std::string python = Python();
  ARROW_ASSIGN_OR_RAISE(const ProgramResult result, RunProgram({python, converter.string(), name,
                                                                "--output", catalogue.string()}));
  if (result.exit_code == 0) return arrow::Status::OK();
  return arrow::Status::IOError(
      "cannot convert `", name, "` with `", python, "`: ", LastLine(result.errors),
      "\nhint: POMONA_PYTHON names a Python with pip, openvino and numpy");
}

/// Copies the files of `model`, which was found at `path`, and its card into the new folder `work`.
arrow::Status CopyFiles(const Model& model, const fs::path& path, const fs::path& work) {
  std::error_code error;
  const bool saved_model = fs::is_directory(model.path, error);
  const fs::path to = saved_model ? work / "saved_model" : work;
  ARROW_ASSIGN_OR_RAISE(const auto files, ModelFiles(model.path));
  for (const auto& file : files) {
    const fs::path target = to / file.name;
    if (!error) fs::create_directories(target.parent_path(), error);
    if (!error) fs::copy_file(file.path, target, error);
  }
  const fs::path card = CardBeside(path);
  std::error_code no_card;
  if (!error && fs::exists(card, no_card)) fs::copy_file(card, work / "card.json", error);
  if (!error && !model.int8_path.empty()) fs::copy_file(model.int8_path, work / "int8.json", error);
  if (error) {
    return arrow::Status::IOError("cannot write `", work.string(), "`: ", error.message());
  }
  ARROW_ASSIGN_OR_RAISE(const Model copy, ReadModelAt(work));
  if (copy.digest == model.digest) return arrow::Status::OK();
  return arrow::Status::Invalid("model `", model.path, "` changed while it was copied");
}

arrow::Status Copy(const fs::path& path, const fs::path& folder) {
  ARROW_ASSIGN_OR_RAISE(const Model model, ReadModelAt(path));
  // A file that is no network is better refused now than at the first extract.
  ARROW_RETURN_NOT_OK(ReadNetwork(model));
  // Written under a hidden name, then renamed: a model appears whole or not at all.
  std::string hidden = ".adding-";
  hidden += folder.filename().string();
  hidden += '-';
  hidden += std::to_string(getpid());
  const fs::path work = folder.parent_path() / hidden;
  arrow::Status status = CopyFiles(model, path, work);
  std::error_code error;
  if (status.ok()) fs::rename(work, folder, error);
  if (error) {
    status = arrow::Status::IOError("cannot write `", folder.string(), "`: ", error.message());
  }
  if (!status.ok()) fs::remove_all(work, error);
  return status;
}

}  // namespace

arrow::Result<Model> AddModel(const std::string& name, const std::string& path) {
  ARROW_RETURN_NOT_OK(CheckName(name));
  const fs::path catalogue = UserCatalogue();
  if (catalogue.empty()) {
    return arrow::Status::Invalid("there is no folder for models\nhint: set XDG_DATA_HOME or HOME");
  }
  std::error_code error;
  if (fs::exists(catalogue / name, error)) {
    return arrow::Status::Invalid("model `", name, "` is there already\nhint: remove `",
                                  (catalogue / name).string(), "` first");
  }
  if (!path.empty()) {
    ARROW_RETURN_NOT_OK(Copy(path, catalogue / name));
  } else if (kConvertible.count(name) > 0) {
    ARROW_RETURN_NOT_OK(Convert(name, catalogue));
  } else {
    return arrow::Status::Invalid("model `", name,
                                  "` needs a path\nhint: without one, efficientnet-lite0, "
                                  "efficientnet-lite1 and efficientnet-lite2 can be added");
  }
  return ReadCatalogueModel(catalogue, name);
}

}  // namespace pomona
