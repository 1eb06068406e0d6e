#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
  /// Makes it visible under its name, whole and durable. Replaces a file of that name.
  virtual arrow::Status Commit() = 0;
};

/// An output folder on any file system, where files appear whole or not at all. Names are relative,
/// "part-0.parquet" or "_pomona/report.json". How files are read is the same everywhere; how they
/// are changed is the store's: MovingStore, UploadingStore. Thread-safe.
class OutputStore {
 public:
  struct Entry {
    std::string name;      ///< relative to the store
    int64_t size = 0;      ///< bytes
    int64_t mtime_ns = 0;  ///< by the store's clock
  };

  /// The store that changes files as `filesystem` can: see StoreTraits.
  static std::shared_ptr<OutputStore> Make(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                           std::string path, std::string uri);
  virtual ~OutputStore() = default;

  /// The output as the user named it.
  const std::string& uri() const { return uri_; }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(const std::string& name) const;
  /// Whole contents; KeyError if there is no such file.
  arrow::Result<std::string> Get(const std::string& name) const;
  arrow::Result<bool> Exists(const std::string& name) const;
  /// Files directly in `folder` ("" is the store itself), by name; none if it is missing.
  arrow::Result<std::vector<Entry>> List(const std::string& folder) const;
  /// The names of all that lies directly in the store, folders with a slash at their end.
  arrow::Result<std::vector<std::string>> Names() const;
  /// Those of List whose names are of our making: see IsOwnFile.
  arrow::Result<std::vector<Entry>> ListOwn(const std::string& folder) const;
  /// The files that whoever reads the folder as a table would take, with all folders in it: whose
  /// names, and those of their folders, do not begin with "_" or ".". A folder below eight others
  /// stands for what is in it.
  arrow::Result<std::vector<Entry>> ListVisible() const;

  /// Makes the folders, where the store has such; fails where it cannot be written to. Invalid, and
  /// nothing is made, where a folder of a table is a link.
  virtual arrow::Status Prepare() = 0;
  virtual arrow::Result<std::unique_ptr<StagedFile>> Create(const std::string& name) = 0;
  /// A whole file; replaces one of that name.
  arrow::Status Put(const std::string& name, std::string_view contents);
  /// The same if there is none of that name: false if there is, unless it is this very file (an
  /// answer may be lost). Of two writers that put a new file of one name only one can succeed, but
  /// where Promise says otherwise: there it looks first, and another may come between.
  arrow::Result<bool> PutNew(const std::string& name, std::string_view contents);
  /// How many small files are read, or removed, at once, each by a thread of its own.
  virtual size_t at_once() const { return 32; }
  /// What is not promised on this store if a run sleeps and another takes over, in one line; empty
  /// where all of docs/format/output.md holds. Known once a sign of life was put.
  virtual std::string Promise() const { return ""; }
  /// Removes the file, through no link; it may be missing.
  virtual arrow::Status Delete(const std::string& name) = 0;
  /// Removes a claim, whoever's: its name will never be another's, so that no fence is needed.
  virtual arrow::Status ForgetClaim(const std::string& name);

  /// Puts a sign of life: a new file of a name that is this writer's alone.
  virtual arrow::Status PutSign(const std::string& name, std::string_view contents) {
    return Put(name, contents);
  }
  /// The claim was seen after the last sign of life was put: so nobody takes it before that is old.
  /// Until then changes may be made, on stores that can keep to a time.
  virtual void Allow() {}

  /// Keeps all other writers out, for good. To be called when none of them is alive; one that only
  /// slept finds its next change failing. Removes what they left half written. `found_dead`: a sign
  /// of one was there.
  virtual arrow::Status FenceOthers(bool found_dead) = 0;
  /// Nothing is changed after it.
  virtual void Leave() = 0;
  /// Whether a change may still arrive that this writer asked for and got no answer to, though it
  /// asked again and was answered then: who gave up waiting does not know that it never will. So
  /// nobody may follow at once.
  virtual bool may_change_late() const { return false; }

 protected:
  OutputStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path, std::string uri);

  const std::shared_ptr<arrow::fs::FileSystem>& filesystem() const { return filesystem_; }
  const std::string& path() const { return path_; }
  std::string PathOf(const std::string& name) const;
  virtual arrow::Result<bool> TryPutNew(const std::string& name, std::string_view contents) = 0;

 private:
  const std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  const std::string path_;
  const std::string uri_;
};

/// IOError: what a run is told that was taken for dead while it slept.
arrow::Status TookOver(const std::string& uri);

}  // namespace pomona
