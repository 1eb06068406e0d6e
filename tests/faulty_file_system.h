#pragma once

#include <arrow/filesystem/filesystem.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pomona {

/// How a FaultyFileSystem fails. Shares are of the reads of each file; what happens to the
/// n-th read of a file depends on nothing but seed, path and n.
struct Faults {
  uint64_t seed = 1;
  double unavailable = 0;  ///< opening fails as a server does with 503
  double reset = 0;        ///< reading breaks after some bytes
  double short_read = 0;   ///< reading ends too early, without an error
  /// Faults in a row on one file, at most: with more tries than that every read succeeds.
  int most_in_a_row = 3;
  std::chrono::microseconds latency{0};  ///< of every open
};

/// A filesystem whose reads fail now and then; all else goes to the one below. Thread-safe.
class FaultyFileSystem : public arrow::fs::FileSystem {
 public:
  FaultyFileSystem(std::shared_ptr<arrow::fs::FileSystem> base, const Faults& faults)
      : base_(std::move(base)), faults_(faults) {}

  /// Opens of files so far: one a read.
  int64_t opens() const;
  /// Calls that asked for the state of one path (a HEAD, in a store of objects).
  int64_t stats() const;

  std::string type_name() const override { return "faulty"; }
  bool Equals(const arrow::fs::FileSystem& other) const override { return this == &other; }

  using arrow::fs::FileSystem::CreateDir;
  using arrow::fs::FileSystem::DeleteDirContents;
  using arrow::fs::FileSystem::GetFileInfo;
  using arrow::fs::FileSystem::OpenInputFile;
  using arrow::fs::FileSystem::OpenInputStream;

  arrow::Result<arrow::fs::FileInfo> GetFileInfo(const std::string& path) override;
  arrow::Result<std::vector<arrow::fs::FileInfo>> GetFileInfo(
      const arrow::fs::FileSelector& select) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenInputFile(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::InputStream>> OpenInputStream(
      const std::string& path) override;

  arrow::Status CreateDir(const std::string& path, bool recursive) override;
  arrow::Status DeleteDir(const std::string& path) override;
  arrow::Status DeleteDirContents(const std::string& path, bool missing_dir_ok) override;
  arrow::Status DeleteRootDirContents() override;
  arrow::Status DeleteFile(const std::string& path) override;
  arrow::Status Move(const std::string& from, const std::string& to) override;
  arrow::Status CopyFile(const std::string& from, const std::string& to) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenOutputStream(
      const std::string& path,
      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenAppendStream(
      const std::string& path,
      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) override;

 private:
  enum class Fault { kNone, kUnavailable, kReset, kShortRead };
  struct History {
    int reads = 0;
    int faults_in_a_row = 0;
  };

  Fault NextFault(const std::string& path);

  const std::shared_ptr<arrow::fs::FileSystem> base_;
  const Faults faults_;
  mutable std::mutex mutex_;
  std::map<std::string, History> histories_;
  int64_t opens_ = 0;
  int64_t stats_ = 0;
};

}  // namespace pomona
