#pragma once

#include <arrow/filesystem/filesystem.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/world.h"

namespace pomona {

/// The file system of a World as one of its writers sees it: each call is a step. A disk, HDFS or
/// an object store, as the schedule says. The table lies in the folder `t`.
class SimulatedFileSystem : public arrow::fs::FileSystem {
 public:
  static constexpr char kTable[] = "t";

  SimulatedFileSystem(World& world, int writer);

  /// A file where there is none: AlreadyExists if there is.
  arrow::Status PutNew(const std::string& path, std::string_view bytes);
  /// Moves a file where there is none: AlreadyExists if there is.
  arrow::Status MoveNew(const std::string& from, const std::string& to);
  /// The folder, held open: it may be moved, and stays the one that it is.
  arrow::Result<NodePtr> OpenFolder(const std::string& path);
  /// Moves a file into a folder that is held open, as `base`. False if there is no such file.
  arrow::Result<bool> MoveInto(const std::string& path, const NodePtr& folder,
                               const std::string& base);

  std::string type_name() const override { return "simulated"; }
  bool Equals(const FileSystem& other) const override { return this == &other; }
  using FileSystem::GetFileInfo;
  using FileSystem::OpenAppendStream;
  using FileSystem::OpenInputFile;
  using FileSystem::OpenOutputStream;
  arrow::Result<arrow::fs::FileInfo> GetFileInfo(const std::string& path) override;
  arrow::Result<std::vector<arrow::fs::FileInfo>> GetFileInfo(
      const arrow::fs::FileSelector& selector) override;
  arrow::Status CreateDir(const std::string& path, bool recursive) override;
  arrow::Status DeleteDir(const std::string& path) override;
  arrow::Status DeleteDirContents(const std::string& path, bool missing_ok) override;
  arrow::Status DeleteRootDirContents() override;
  arrow::Status DeleteFile(const std::string& path) override;
  arrow::Status Move(const std::string& from, const std::string& to) override;
  arrow::Status CopyFile(const std::string& from, const std::string& to) override;
  arrow::Result<std::shared_ptr<arrow::io::InputStream>> OpenInputStream(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenInputFile(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenOutputStream(
      const std::string& path,
      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenAppendStream(
      const std::string& path,
      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) override;

 private:
  class WrittenFile;
  class Upload;

  template <typename Act>
  arrow::Status Change(const char* call, const std::string& path, Act act);
  arrow::Status Look(const char* call, const std::string& path);
  arrow::Status Put(const std::string& path, const std::string& bytes, bool is_new);
  arrow::Status Rename(const std::string& from, const std::string& to, bool replaces);
  void Report(const std::string& path, const NodePtr& before, const NodePtr& after);

  World& world_;
  const int writer_;
  const StoreKind kind_;
};

}  // namespace pomona
