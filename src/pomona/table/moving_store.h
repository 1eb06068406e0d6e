#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pomona/table/output_store.h"

namespace pomona {

/// A store where a file moves in one step. Whatever this writer changes is moved out of, or into, a
/// folder of its own, `_pomona/staging/<uuid>/`. So one rename, of that folder, ends all that it
/// could still do if it slept: see FenceOthers. As it is here, for HDFS: a file does not move onto
/// another, and one that is created makes the folders above it.
class MovingStore : public OutputStore {
 public:
  MovingStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path, std::string uri);

  arrow::Status Prepare() override;
  arrow::Result<std::unique_ptr<StagedFile>> Create(const std::string& name) override;
  arrow::Status Delete(const std::string& name) override;
  /// Takes the folders of all others away, through which each of their changes must go, and removes
  /// what they left half written.
  arrow::Status FenceOthers(bool found_dead) override;
  void Leave() override;

 protected:
  arrow::Result<bool> TryPutNew(const std::string& name, std::string_view contents) override;
  /// The folder of this writer, relative.
  const std::string& staging() const { return staging_; }
  /// A name in it that it never had.
  std::string NewName(const std::string& what);
  /// `status`, or that another run took over, if that is why.
  arrow::Status Explained(const arrow::Status& status) const;

  /// Moves a file in one step, or where nothing moves onto a file in two. Paths are whole.
  virtual arrow::Status Move(const std::string& from, const std::string& to);
  /// False if there is a file at `to`.
  virtual arrow::Result<bool> MoveNew(const std::string& from, const std::string& to);
  /// Waits until the file or folder is on the disk, where that is to be asked for.
  virtual arrow::Status Sync(const std::string&) { return arrow::Status::OK(); }
  /// Whether an empty file is put where another writer's folder was taken away, or the next file
  /// that it creates would make the folder again.
  virtual bool makes_parents() const { return true; }

 private:
  class StagedMove;

  arrow::Result<std::unique_ptr<StagedMove>> Stage(const std::string& name);
  /// By the name of its folder.
  arrow::Status Fence(const std::string& writer);
  arrow::Status RemoveFenced(const std::string& away);
  /// All those who were being fenced by the writer whose folder is now `away`.
  arrow::Status FenceThoseIn(const std::string& away);

  const std::string staging_;
  std::atomic<int64_t> names_{0};
};

}  // namespace pomona
