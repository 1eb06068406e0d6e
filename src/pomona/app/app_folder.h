#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace pomona {

/// The folder of an app while it is made: beside its place, under another name, until Commit. What
/// is not committed is removed. For one thread.
class AppFolder {
 public:
  struct File {
    std::string sha256;
    int64_t bytes = 0;
  };

  /// Invalid: it is there and `overwrite` is not set, or holds what no app has; the folder that it
  /// shall lie in is missing. IOError. `path`: absolute.
  static arrow::Result<AppFolder> Make(const std::filesystem::path& path, bool overwrite);

  AppFolder(AppFolder&& other) noexcept;
  AppFolder& operator=(AppFolder&&) = delete;
  ~AppFolder();

  /// Writes a file; `name` may have folders in it.
  arrow::Status Put(const std::string& name, std::string_view bytes);
  /// Takes in a file that another wrote at PathOf(name).
  arrow::Status Take(const std::string& name);
  std::filesystem::path PathOf(const std::string& name) const { return made_ / name; }

  /// All so far, by name.
  const std::map<std::string, File>& files() const { return files_; }

  /// Moves the folder to its place.
  arrow::Status Commit();

 private:
  AppFolder(std::filesystem::path path, std::filesystem::path made);

  std::filesystem::path path_, made_;
  std::map<std::string, File> files_;
};

}  // namespace pomona
