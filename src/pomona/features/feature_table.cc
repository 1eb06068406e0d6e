#include "pomona/features/feature_table.h"

#include <algorithm>
#include <vector>

#include "pomona/features/csv_matrix.h"
#include "pomona/features/parquet_table.h"
#include "pomona/shown_text.h"
#include "pomona/source/hidden_name.h"
#include "pomona/storage/filesystem.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// A run of ours puts `_SUCCESS` last.
Status RefuseUnfinished(const FileLocation& location, const std::string& uri) {
  const auto exists = [&](const char* name) -> Result<bool> {
    ARROW_ASSIGN_OR_RAISE(auto info, location.filesystem->GetFileInfo(location.path + "/" + name));
    return info.IsFile();
  };
  ARROW_ASSIGN_OR_RAISE(const bool finished, exists(kSuccessFile));
  if (finished) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(const bool ours, exists(kRunFile));
  if (!ours) return Status::OK();
  return Status::Invalid("the table ", ShownUri(uri), " is not finished: ", kSuccessFile,
                         " is missing", "\nhint: run the same extract again");
}

/// The files of the table, by name.
Result<std::vector<arrow::fs::FileInfo>> FilesOf(const FileLocation& location,
                                                 const std::string& uri) {
  ARROW_ASSIGN_OR_RAISE(auto info, location.filesystem->GetFileInfo(location.path));
  if (info.IsFile()) return std::vector{info};
  if (!info.IsDirectory()) return Status::IOError("there is no table ", ShownUri(uri));
  ARROW_RETURN_NOT_OK(RefuseUnfinished(location, uri));
  arrow::fs::FileSelector selector;
  selector.base_dir = location.path;
  ARROW_ASSIGN_OR_RAISE(const auto inside, location.filesystem->GetFileInfo(selector));
  std::vector<arrow::fs::FileInfo> files;
  for (const auto& entry : inside) {
    if (IsPrivateName(entry.base_name())) continue;
    if (entry.IsDirectory()) {
      return Status::Invalid("the table ", ShownUri(uri),
                             " holds a folder: ", ShownText(entry.base_name()),
                             "\nhint: name a folder that holds the files themselves");
    }
    files.push_back(entry);
  }
  if (files.empty())
    return Status::Invalid("the table ", ShownUri(uri), " is empty: it holds no file");
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return files;
}

}  // namespace

Result<std::unique_ptr<FeatureTable>> FeatureTable::Open(const Options& options) {
  ARROW_ASSIGN_OR_RAISE(const auto location, OpenFileSystem(options.uri, options.storage));
  ARROW_ASSIGN_OR_RAISE(auto files, FilesOf(location, options.uri));
  if (!options.csv) {
    return OpenParquetTable(location.filesystem, std::move(files), options.column, options.threads);
  }
  if (files.size() != 1) {
    return Status::Invalid("a matrix is one file, ", ShownUri(options.uri), " holds ",
                           files.size());
  }
  return OpenCsvMatrix(location.filesystem, files.front(), options.column);
}

}  // namespace pomona
