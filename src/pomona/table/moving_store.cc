#include "pomona/table/moving_store.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/base/uuid.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

/// How the folder of another writer begins where it was moved to.
constexpr char kFenced[] = "fenced-";

}  // namespace

/// Written beside, then renamed.
class MovingStore::StagedMove : public StagedFile {
 public:
  StagedMove(MovingStore& store, std::string staged, std::string final_path,
             std::shared_ptr<arrow::io::OutputStream> stream)
      : store_(store),
        staged_(std::move(staged)),
        final_path_(std::move(final_path)),
        stream_(std::move(stream)) {}
  ~StagedMove() override {
    if (moved_) return;
    if (!stream_->closed()) (void)stream_->Abort();
    (void)store_.filesystem()->DeleteFile(staged_);
  }
  const std::shared_ptr<arrow::io::OutputStream>& stream() const override { return stream_; }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Reopen() override {
    ARROW_RETURN_NOT_OK(store_.Explained(stream_->Close()));
    auto reopened = store_.filesystem()->OpenInputFile(staged_);
    if (!reopened.ok()) return store_.Explained(reopened.status());
    return reopened;
  }
  arrow::Status Commit() override {
    ARROW_RETURN_NOT_OK(Finish());
    ARROW_RETURN_NOT_OK(store_.Explained(store_.Move(staged_, final_path_)));
    moved_ = true;
    return store_.Sync(Folder());
  }
  arrow::Result<bool> CommitNew() {
    ARROW_RETURN_NOT_OK(Finish());
    const auto moved = store_.MoveNew(staged_, final_path_);
    if (!moved.ok()) return store_.Explained(moved.status());
    moved_ = *moved;
    if (moved_) ARROW_RETURN_NOT_OK(store_.Sync(Folder()));
    return moved_;
  }

 private:
  arrow::Status Finish() {
    if (!stream_->closed()) ARROW_RETURN_NOT_OK(store_.Explained(stream_->Close()));
    return store_.Explained(store_.Sync(staged_));
  }
  std::string Folder() const { return final_path_.substr(0, final_path_.rfind('/')); }

  MovingStore& store_;
  const std::string staged_;
  const std::string final_path_;
  const std::shared_ptr<arrow::io::OutputStream> stream_;
  bool moved_ = false;
};

MovingStore::MovingStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path,
                         std::string uri)
    : OutputStore(std::move(filesystem), std::move(path), std::move(uri)),
      staging_(std::string(kStagingFolder) + "/" + NewUuid()) {}

arrow::Status MovingStore::Prepare() {
  for (const std::string& folder :
       {std::string(kStatesFolder), std::string(kReferencesFolder), std::string(kRejectsFolder),
        std::string(kLeaseFolder), staging_}) {
    auto status = filesystem()->CreateDir(PathOf(folder), /*recursive=*/true);
    if (!status.ok()) {
      return arrow::Status::IOError("cannot write to the output ", uri(), ": ", status.message());
    }
  }
  return arrow::Status::OK();
}

arrow::Result<std::unique_ptr<MovingStore::StagedMove>> MovingStore::Stage(
    const std::string& name) {
  std::string flat = name;
  std::replace(flat.begin(), flat.end(), '/', '+');
  const std::string staged = PathOf(staging_ + "/" + flat);
  auto stream = filesystem()->OpenOutputStream(staged);
  if (!stream.ok()) return Explained(stream.status());
  return std::make_unique<StagedMove>(*this, staged, PathOf(name), *std::move(stream));
}

arrow::Result<std::unique_ptr<StagedFile>> MovingStore::Create(const std::string& name) {
  return Stage(name);
}

arrow::Result<bool> MovingStore::TryPutNew(const std::string& name, std::string_view contents) {
  ARROW_ASSIGN_OR_RAISE(auto file, Stage(name));
  ARROW_RETURN_NOT_OK(Explained(file->stream()->Write(contents)));
  return file->CommitNew();
}

arrow::Status MovingStore::Move(const std::string& from, const std::string& to) {
  ARROW_ASSIGN_OR_RAISE(const auto info, filesystem()->GetFileInfo(to));
  if (info.type() != arrow::fs::FileType::NotFound) {
    const std::string away = from + ".replaced";
    ARROW_RETURN_NOT_OK(filesystem()->Move(to, away));
    ARROW_RETURN_NOT_OK(filesystem()->DeleteFile(away));
  }
  return filesystem()->Move(from, to);
}

arrow::Result<bool> MovingStore::MoveNew(const std::string& from, const std::string& to) {
  const auto moved = filesystem()->Move(from, to);
  if (moved.ok()) return true;
  ARROW_ASSIGN_OR_RAISE(const auto info, filesystem()->GetFileInfo(to));
  if (info.type() == arrow::fs::FileType::NotFound) return moved;
  return false;
}

std::string MovingStore::NewName(const std::string& what) {
  return staging_ + "/" + what + "-" + std::to_string(names_++);
}

arrow::Status MovingStore::Delete(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const bool exists, Exists(name));
  if (!exists) return arrow::Status::OK();
  const std::string away = PathOf(NewName("removed"));
  const auto moved = filesystem()->Move(PathOf(name), away);
  if (moved.ok()) return filesystem()->DeleteFile(away);
  // Somebody else may have been quicker.
  ARROW_ASSIGN_OR_RAISE(const bool still_there, Exists(name));
  return still_there ? Explained(moved) : arrow::Status::OK();
}

arrow::Status MovingStore::Explained(const arrow::Status& status) const {
  if (status.ok()) return status;
  const auto staging = filesystem()->GetFileInfo(PathOf(staging_));
  if (!staging.ok() || staging->IsDirectory()) return status;
  return TookOver(uri());
}

arrow::Status MovingStore::FenceOthers(bool /*found_dead*/) {
  arrow::fs::FileSelector selector;
  selector.base_dir = PathOf(kStagingFolder);
  selector.allow_not_found = true;
  ARROW_ASSIGN_OR_RAISE(const auto infos, filesystem()->GetFileInfo(selector));
  for (const auto& info : infos) {
    const std::string name = std::string(kStagingFolder) + "/" + info.base_name();
    if (name == staging_) continue;
    if (info.IsDirectory() && IsUuid(info.base_name())) {
      ARROW_RETURN_NOT_OK(Fence(info.base_name()));
    } else if (info.IsFile() && IsOwnFile(name)) {
      ARROW_RETURN_NOT_OK(Delete(name));  // half written by 0.1.0, which had one folder for all
    }
  }
  return arrow::Status::OK();
}

/// What is moved away has its writer's name, and is removed when that one cannot come back: whoever
/// fences this writer in between finds it in its folder.
arrow::Status MovingStore::Fence(const std::string& writer) {
  constexpr int kMostTries = 100;
  const std::string folder = PathOf(std::string(kStagingFolder) + "/" + writer);
  std::vector<std::string> moved_away;
  for (int tried = 0; tried < kMostTries; ++tried) {
    const std::string away = PathOf(NewName(kFenced + writer));
    const auto moved = filesystem()->Move(folder, away);
    if (moved.ok()) {
      moved_away.push_back(away);
    } else {
      // Its owner left, or another writer was quicker.
      ARROW_ASSIGN_OR_RAISE(const auto still, filesystem()->GetFileInfo(folder));
      if (still.IsDirectory()) return Explained(moved);
    }
    if (makes_parents()) {
      auto stone = filesystem()->OpenOutputStream(folder);
      if (!stone.ok() || !(*stone)->Close().ok()) continue;
    }
    for (const auto& path : moved_away) ARROW_RETURN_NOT_OK(RemoveFenced(path));
    return arrow::Status::OK();
  }
  return arrow::Status::IOError("another run is writing to ", uri(), " and cannot be kept out");
}

arrow::Status MovingStore::RemoveFenced(const std::string& away) {
  ARROW_ASSIGN_OR_RAISE(const auto info, filesystem()->GetFileInfo(away));
  // Another writer was quicker, and this is its stone.
  if (info.IsFile()) return filesystem()->DeleteFile(away);
  if (makes_parents()) ARROW_RETURN_NOT_OK(FenceThoseIn(away));
  return filesystem()->DeleteDir(away);
}

arrow::Status MovingStore::FenceThoseIn(const std::string& away) {
  arrow::fs::FileSelector selector;
  selector.base_dir = away;
  selector.recursive = true;
  ARROW_ASSIGN_OR_RAISE(const auto infos, filesystem()->GetFileInfo(selector));
  for (const auto& info : infos) {
    constexpr size_t kUuid = 36;
    const std::string base = info.base_name();
    if (!base.starts_with(kFenced)) continue;
    const std::string writer = base.substr(std::string_view(kFenced).size(), kUuid);
    if (!IsUuid(writer)) continue;
    ARROW_ASSIGN_OR_RAISE(
        const auto stone,
        filesystem()->GetFileInfo(PathOf(std::string(kStagingFolder) + "/" + writer)));
    if (!stone.IsFile()) ARROW_RETURN_NOT_OK(Fence(writer));
  }
  return arrow::Status::OK();
}

void MovingStore::Leave() { (void)filesystem()->DeleteDir(PathOf(staging_)); }

}  // namespace pomona
