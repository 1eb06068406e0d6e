#include "pomona/model/model_files.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/model/git_lfs_pointer.h"
#include "pomona/model/mapped_file.h"
#include "pomona/model/model_format.h"
#include "pomona/model/onnx_external_data.h"

namespace pomona {
namespace fs = std::filesystem;
namespace {

arrow::Status CannotRead(const fs::path& file, const std::error_code& error) {
  return arrow::Status::IOError("cannot read `", file.string(), "`: ", error.message());
}

arrow::Status CheckIsFile(const fs::path& file) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status)) {
    return CannotRead(file, std::make_error_code(std::errc::no_such_file_or_directory));
  }
  if (!fs::is_regular_file(status)) {
    return arrow::Status::IOError("cannot read `", file.string(), "`: it is no file");
  }
  return arrow::Status::OK();
}

/// A file of the network besides the one that the user named: it must be a file, and lie in
/// `folder`.
arrow::Status CheckInside(const fs::path& folder, const fs::path& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) return CannotRead(file, error);
  const fs::path real_folder = fs::canonical(folder.empty() ? "." : folder, error);
  if (error) return CannotRead(folder, error);
  const auto inside =
      std::mismatch(real_folder.begin(), real_folder.end(), real.begin(), real.end());
  if (inside.first != real_folder.end()) {
    return arrow::Status::Invalid("`", file.string(),
                                  "` is a link out of the network's folder, to `", real.string(),
                                  "`\nhint: cp -rL copies a folder with what its "
                                  "links lead to");
  }
  return CheckIsFile(file);
}

arrow::Status CheckLocation(const fs::path& network, const std::string& location) {
  // OpenVINO takes this one for an address in the memory of the process.
  constexpr std::string_view kMemory = "*/_ORT_MEM_ADDR_/*";
  const fs::path path = location;
  const bool leaves = std::find(path.begin(), path.end(), fs::path("..")) != path.end();
  const bool no_name = location.find('\0') != std::string::npos || location == kMemory;
  if (!leaves && !no_name && path.is_relative()) return arrow::Status::OK();
  return arrow::Status::Invalid("model `", network.string(), "` has weights at `",
                                std::string(location.c_str()),
                                "`, which is no place in its folder");
}

/// The files where the tensors of the graph at `network` say that their data lies.
arrow::Result<std::vector<ModelFile>> ExternalFiles(const fs::path& network) {
  ARROW_ASSIGN_OR_RAISE(const auto graph, MappedFile::Open(network.string()));
  const auto bytes = graph->bytes();
  ARROW_RETURN_NOT_OK(RefuseGitLfsPointer(network.string(), graph->text()));
  const auto locations = OnnxExternalLocations(bytes);
  if (!locations.ok()) {
    return DamagedData("cannot read model `", network.string(),
                       "`: it is no ONNX graph: ", locations.status().message());
  }
  std::vector<ModelFile> files;
  for (const std::string& location : *locations) {
    ARROW_RETURN_NOT_OK(CheckLocation(network, location));
    const fs::path name = fs::path(location).lexically_normal();
    files.push_back({network.parent_path() / name, name.generic_string()});
    ARROW_RETURN_NOT_OK(CheckInside(network.parent_path(), files.back().path));
  }
  return files;
}

/// saved_model.pb, and all that is in variables/ and assets/.
arrow::Result<std::vector<ModelFile>> SavedModelFiles(const fs::path& folder) {
  std::vector<ModelFile> files = {{folder / "saved_model.pb", "saved_model.pb"}};
  std::error_code error;
  for (const char* part : {"variables", "assets"}) {
    if (!fs::is_directory(folder / part, error)) continue;
    for (fs::recursive_directory_iterator entry(folder / part, error), end; entry != end && !error;
         entry.increment(error)) {
      // A link to a folder is not followed, and is refused below: it is no file.
      if (entry->is_directory(error) && !entry->is_symlink(error)) continue;
      files.push_back({entry->path(), entry->path().lexically_relative(folder).generic_string()});
    }
    if (error) return CannotRead(folder / part, error);
  }
  for (const ModelFile& file : files) ARROW_RETURN_NOT_OK(CheckInside(folder, file.path));
  return files;
}

}  // namespace

arrow::Result<std::vector<ModelFile>> ModelFiles(const fs::path& network) {
  std::error_code error;
  const auto format = FormatOf(network);
  std::vector<ModelFile> files;
  if (format == ModelFormat::kSavedModel) {
    ARROW_ASSIGN_OR_RAISE(files, SavedModelFiles(network));
  } else {
    if (!fs::exists(network, error)) {
      return arrow::Status::IOError("model `", network.string(), "` does not exist");
    }
    if (!fs::is_regular_file(network, error)) {
      return arrow::Status::IOError("cannot read model `", network.string(), "`: it is no file");
    }
    if (format == ModelFormat::kOnnx) {
      ARROW_ASSIGN_OR_RAISE(files, ExternalFiles(network));
    }
    if (format == ModelFormat::kIr) {
      fs::path weights = network;
      weights.replace_extension(".bin");
      files.push_back({weights, weights.filename().string()});
      // Its name is the format's, not the graph's: it may be a link to anywhere.
      ARROW_RETURN_NOT_OK(CheckIsFile(weights));
    }
    files.push_back({network, network.filename().string()});
  }
  const auto by_name = [](const ModelFile& a, const ModelFile& b) { return a.name < b.name; };
  const auto same_name = [](const ModelFile& a, const ModelFile& b) { return a.name == b.name; };
  std::sort(files.begin(), files.end(), by_name);
  files.erase(std::unique(files.begin(), files.end(), same_name), files.end());
  return files;
}

arrow::Status DigestModel(const fs::path& network, Model* model) {
  ARROW_ASSIGN_OR_RAISE(const auto files, ModelFiles(network));
  Sha256 sha;
  model->bytes = 0;
  for (const auto& file : files) {
    ARROW_ASSIGN_OR_RAISE(const auto content, MappedFile::Open(file.path.string()));
    ARROW_RETURN_NOT_OK(RefuseGitLfsPointer(file.path.string(), content->text()));
    const auto bytes = content->bytes();
    // The name without the way to it: the same model has the same digest anywhere. The size
    // keeps one file's end apart from the next one's beginning.
    sha.Update(file.name + '\n' + std::to_string(bytes.size()) + '\n');
    sha.Update(bytes);
    model->bytes += static_cast<int64_t>(bytes.size());
  }
  model->path = network.string();
  model->digest = "sha256:" + sha.Hex();
  return arrow::Status::OK();
}

arrow::Status RefuseChangedModel(const Model& model) {
  Model now;
  ARROW_RETURN_NOT_OK(DigestModel(model.path, &now));
  if (now.digest == model.digest) return arrow::Status::OK();
  return arrow::Status::Invalid("model `", model.path,
                                "` changed while it was read\nhint: run again when it is whole");
}

}  // namespace pomona
