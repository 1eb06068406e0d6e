#include "cli/report_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "pomona/shown_text.h"

namespace pomona::cli {

arrow::Status CheckReportFile(const std::string& path) {
  if (path.empty()) return arrow::Status::OK();
  const std::filesystem::path file = std::filesystem::absolute(path);
  std::error_code error;
  // What is there is written to, be it a device; what is not is made in its folder.
  const bool exists = std::filesystem::exists(file, error);
  const std::filesystem::path changed = exists ? file : file.parent_path();
  const bool is_folder = std::filesystem::is_directory(changed, error);
  if (is_folder != exists && ::access(changed.c_str(), W_OK) == 0) return arrow::Status::OK();
  return arrow::Status::Invalid("report: cannot write to ", ShownUri(path));
}

arrow::Status WriteReportFile(const std::string& path, const std::string& json) {
  if (path.empty()) return arrow::Status::OK();
  std::ofstream file(path);
  file << json;
  file.close();
  return file ? arrow::Status::OK() : arrow::Status::IOError("cannot write the report ", path);
}

}  // namespace pomona::cli
