#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/storage/store_traits.h"

namespace pomona {

/// A file being written that nobody sees yet.
class StagedFile {
 public:
  virtual ~StagedFile() = default;  ///< without Commit: leaves nothing visible
  /// Where to write. Valid until Commit.
  virtual const std::shared_ptr<arrow::io::OutputStream>& stream() const = 0;
  /// Ends the writing and opens what was written for a check before Commit; nullptr
  /// where the store shows nothing before (an object store checks each upload itself).
  virtual arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Reopen() = 0;
  /// Makes it visible under its name, whole and durable. On a store with rename: closed,
  /// synced, renamed. On an object store: the upload completed. Replaces a file of that name.
  virtual arrow::Status Commit() = 0;
};

/// An output folder on any file system, where files appear whole or not at all.
/// Names are relative, "part-0.parquet" or "_pomona/run.json". Thread-safe.
class OutputStore {
 public:
  struct Entry {
    std::string name;      ///< relative to the store
    int64_t size = 0;      ///< bytes
    int64_t mtime_ns = 0;  ///< by the store's clock
  };

  OutputStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path, std::string uri);

  /// The output as the user named it.
  const std::string& uri() const { return uri_; }

  /// Makes the folders, where the store has such; fails where it cannot be written to.
  arrow::Status Prepare();

  arrow::Result<std::unique_ptr<StagedFile>> Create(const std::string& name);
  arrow::Status Put(const std::string& name, std::string_view contents);

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(const std::string& name) const;
  /// Whole contents; KeyError if there is no such file.
  arrow::Result<std::string> Get(const std::string& name) const;
  arrow::Result<bool> Exists(const std::string& name) const;
  /// Files directly in `folder` ("" is the store itself), by name; none if it is missing.
  arrow::Result<std::vector<Entry>> List(const std::string& folder) const;
  /// The names of all that lies directly in the store, folders with a slash at their end.
  arrow::Result<std::vector<std::string>> Names() const;
  /// Removes the file; it may be missing.
  arrow::Status Delete(const std::string& name);
  /// Removes what killed runs left half-written.
  arrow::Status ClearStaging();

 private:
  std::string PathOf(const std::string& name) const;

  const std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  const std::string path_;
  const std::string uri_;
  const StoreTraits traits_;
};

}  // namespace pomona
