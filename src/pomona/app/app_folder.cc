#include "pomona/app/app_folder.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "pomona/base/file_text.h"
#include "pomona/base/sha256.h"
#include "pomona/base/uuid.h"
#include "pomona/shown_text.h"
#include "pomona/storage/local_sync.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using arrow::Result;
using arrow::Status;

/// What an app is known by; no other program writes both.
constexpr const char* kMarks[] = {"service_worker.js", "app.json"};

Status Failed(const char* what, const fs::path& path, const std::error_code& error) {
  return Status::IOError("cannot ", what, " ", ShownUri(path.string()), ": ", error.message());
}

/// Whether all that lies in the folder is named as files of an app are, by their ends: what a
/// person put there is not ours to remove.
Status CheckApp(const fs::path& path) {
  static const std::set<std::string> kEnds = {".html", ".css", ".js",         ".mjs",  ".json",
                                              ".onnx", ".bin", ".webp",       ".wasm", ".png",
                                              ".svg",  ".txt", ".webmanifest"};
  std::error_code error;
  const std::string shown = ShownUri(path.string());
  for (const char* mark : kMarks) {
    if (!fs::is_regular_file(path / mark, error)) {
      return Status::Invalid(shown, " is there, and no app", "\nhint: name a new folder");
    }
  }
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    const std::string end = entry.path().extension().string();
    if (entry.is_directory(error) || (entry.is_regular_file(error) && kEnds.contains(end)))
      continue;
    return Status::Invalid(shown, " holds ", ShownText(entry.path().filename().string()),
                           ", which is not of an app",
                           "\nhint: name a new folder, or move it away");
  }
  return error ? Failed("list", path, error) : Status::OK();
}

}  // namespace

AppFolder::AppFolder(fs::path path, fs::path made)
    : path_(std::move(path)), made_(std::move(made)) {}

AppFolder::AppFolder(AppFolder&& other) noexcept
    : path_(std::move(other.path_)),
      made_(std::exchange(other.made_, {})),
      files_(std::move(other.files_)) {}

AppFolder::~AppFolder() {
  std::error_code ignored;
  if (!made_.empty()) fs::remove_all(made_, ignored);
}

Result<AppFolder> AppFolder::Make(const fs::path& path, bool overwrite) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::not_found) {
    if (!overwrite) {
      return Status::Invalid(ShownUri(path.string()),
                             " is there\nhint: option `overwrite` replaces an app");
    }
    ARROW_RETURN_NOT_OK(CheckApp(path));
  }
  const fs::path parent = path.parent_path();
  if (!fs::is_directory(parent, error)) {
    return Status::Invalid("there is no folder ", ShownUri(parent.string()));
  }
  fs::path made = parent / ("." + path.filename().string() + "." + NewUuid());
  if (!fs::create_directory(made, error)) return Failed("make the folder", made, error);
  return AppFolder(path, std::move(made));
}

Status AppFolder::Put(const std::string& name, std::string_view bytes) {
  const fs::path path = PathOf(name);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return Failed("make the folder", path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    return Status::IOError("cannot write ", ShownUri(path.string()), ": ", std::strerror(errno));
  }
  ARROW_RETURN_NOT_OK(SyncLocal(path.string()));
  files_[name] = {.sha256 = ToHex(Sha256Of(bytes)), .bytes = static_cast<int64_t>(bytes.size())};
  return Status::OK();
}

Status AppFolder::Take(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const std::string bytes, FileText(PathOf(name).string()));
  files_[name] = {.sha256 = ToHex(Sha256Of(bytes)), .bytes = static_cast<int64_t>(bytes.size())};
  return Status::OK();
}

Status AppFolder::Commit() {
  std::error_code error;
  fs::path before;
  if (fs::exists(path_, error)) {
    before = made_;
    before += ".before";
    fs::rename(path_, before, error);
    if (error) return Failed("move away", path_, error);
  }
  fs::rename(made_, path_, error);
  if (error) {
    std::error_code ignored;
    if (!before.empty()) fs::rename(before, path_, ignored);
    return Failed("move to its place", path_, error);
  }
  made_.clear();
  if (!before.empty()) fs::remove_all(before, error);
  return SyncLocal(path_.parent_path().string());
}

}  // namespace pomona
