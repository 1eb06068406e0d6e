#include "pomona/features/feature_table.h"

#include <algorithm>
#include <vector>

#include "pomona/base/sha256.h"
#include "pomona/features/csv_matrix.h"
#include "pomona/features/own_table.h"
#include "pomona/features/parquet_table.h"
#include "pomona/shown_text.h"
#include "pomona/source/hidden_name.h"
#include "pomona/storage/filesystem.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// A source that is missing is its store's fault, a word of an option whoever wrote it.
Status NoTable(const FeatureTable::Options& options) {
  constexpr char kHint[] = "\nhint: pomona extract SOURCE OUTPUT makes one of images";
  const std::string table = "there is no table " + ShownUri(options.uri) + kHint;
  if (options.option.empty()) return Status::IOError(table);
  return Status::Invalid("option `", options.option, "`: ", table);
}

/// The files of the table, by name.
Result<std::vector<arrow::fs::FileInfo>> FilesOf(const FileLocation& location,
                                                 const FeatureTable::Options& options) {
  const std::string& uri = options.uri;
  ARROW_ASSIGN_OR_RAISE(auto info, location.filesystem->GetFileInfo(location.path));
  if (info.IsFile()) return std::vector{info};
  if (!info.IsDirectory()) return NoTable(options);
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
  ARROW_RETURN_NOT_OK(CheckOwnTable(location.filesystem, location.path, uri, files, options.prove,
                                    options.threads));
  if (files.empty())
    return Status::Invalid("the table ", ShownUri(uri), " is empty: it holds no file");
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return files;
}

std::string FingerprintOf(const std::vector<arrow::fs::FileInfo>& files) {
  Sha256 hash;
  for (const auto& file : files) {
    hash.Update(file.base_name() + "\n" + std::to_string(file.size()) + "\n" +
                std::to_string(file.mtime().time_since_epoch().count()) + "\n");
  }
  return hash.Hex();
}

}  // namespace

Result<std::unique_ptr<FeatureTable>> FeatureTable::Open(const Options& options) {
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(options.uri));
  ARROW_ASSIGN_OR_RAISE(const auto location, OpenFileSystem(uri, options.storage));
  ARROW_ASSIGN_OR_RAISE(auto files, FilesOf(location, options));
  std::string fingerprint = FingerprintOf(files);
  std::unique_ptr<FeatureTable> table;
  if (!options.csv) {
    ARROW_ASSIGN_OR_RAISE(table, OpenParquetTable(location.filesystem, std::move(files),
                                                  options.column, options.threads));
  } else if (files.size() != 1) {
    return Status::Invalid("a matrix is one file, ", ShownUri(options.uri), " holds ",
                           files.size());
  } else {
    ARROW_ASSIGN_OR_RAISE(table, OpenCsvMatrix(location.filesystem, files.front(), options.column));
  }
  table->fingerprint_ = std::move(fingerprint);
  return table;
}

arrow::Status CheckTableOptions(const std::string& uri, const std::string& column,
                                const StorageOptions& storage) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(uri).status());
  if (column.empty()) return arrow::Status::Invalid("option `column` must not be empty");
  return arrow::Status::OK();
}

}  // namespace pomona
