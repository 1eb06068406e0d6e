#include "simulator/simulated_stores.h"

#include <string>
#include <utility>

#include "pomona/table/moving_store.h"
#include "pomona/table/uploading_store.h"
#include "simulator/simulated_file_system.h"

namespace pomona {
namespace {

using Files = std::shared_ptr<SimulatedFileSystem>;

/// HDFS: as MovingStore is.
class SimulatedMovingStore : public MovingStore {
 public:
  SimulatedMovingStore(const Files& files, bool no_fence)
      : MovingStore(files, SimulatedFileSystem::kTable, "table"),
        files_(*files),
        no_fence_(no_fence) {}
  size_t at_once() const override { return 1; }
  arrow::Status FenceOthers(bool found_dead) override {
    return no_fence_ ? arrow::Status::OK() : MovingStore::FenceOthers(found_dead);
  }

 protected:
  arrow::Result<bool> MoveNew(const std::string& from, const std::string& to) override {
    const auto status = files_.MoveNew(from, to);
    if (status.ok()) return true;
    if (status.IsAlreadyExists()) return false;
    return status;
  }
  SimulatedFileSystem& files() const { return files_; }

 private:
  SimulatedFileSystem& files_;
  const bool no_fence_;
};

/// What LocalStore does in system calls.
class SimulatedLocalStore : public SimulatedMovingStore {
 public:
  using SimulatedMovingStore::SimulatedMovingStore;
  arrow::Status Delete(const std::string& name) override {
    const std::string away = NewName("removed");
    const size_t slash = away.rfind('/');
    const auto folder = files().OpenFolder(PathOf(away.substr(0, slash)));
    if (!folder.ok()) return Explained(folder.status());
    const auto moved = files().MoveInto(PathOf(name), *folder, away.substr(slash + 1));
    if (!moved.ok()) return Explained(moved.status());
    if (*moved) (*folder)->children.erase(away.substr(slash + 1));
    return arrow::Status::OK();
  }

 protected:
  arrow::Status Move(const std::string& from, const std::string& to) override {
    return files().Move(from, to);
  }
  bool makes_parents() const override { return false; }
};

/// An object store without conditional writes.
class SimulatedUploadingStore : public UploadingStore {
 public:
  SimulatedUploadingStore(const Files& files, World& world, int writer)
      : UploadingStore(files, SimulatedFileSystem::kTable, "table"),
        world_(world),
        writer_(writer) {}
  arrow::Status PutSign(const std::string& name, std::string_view contents) override {
    const int64_t now = world_.now_ns();
    ARROW_RETURN_NOT_OK(UploadingStore::PutSign(name, contents));
    last_sign_ns_ = now;
    if (world_.mutation().allows_at_once) Allow();
    return arrow::Status::OK();
  }
  void Allow() override { world_.Allowed(writer_, last_sign_ns_); }
  bool may_change_late() const override {
    return !world_.mutation().leaves_at_once && world_.HasUnanswered(writer_);
  }
  size_t at_once() const override { return 1; }

 private:
  World& world_;
  const int writer_;
  int64_t last_sign_ns_ = 0;
};

/// One with them.
class SimulatedConditionalStore : public SimulatedUploadingStore {
 public:
  SimulatedConditionalStore(const Files& files, World& world, int writer)
      : SimulatedUploadingStore(files, world, writer), files_(*files) {}

 protected:
  arrow::Result<bool> TryPutNew(const std::string& name, std::string_view contents) override {
    const auto status = files_.PutNew(PathOf(name), contents);
    if (status.ok()) return true;
    if (status.IsAlreadyExists()) return false;
    return status;
  }

 private:
  SimulatedFileSystem& files_;
};

}  // namespace

std::shared_ptr<OutputStore> MakeSimulatedStore(World& world, int writer) {
  auto files = std::make_shared<SimulatedFileSystem>(world, writer);
  world.Keep(files);
  switch (world.schedule().store) {
    case StoreKind::kLocal:
      return std::make_shared<SimulatedLocalStore>(files, world.mutation().no_fence);
    case StoreKind::kHdfs:
      return std::make_shared<SimulatedMovingStore>(files, world.mutation().no_fence);
    case StoreKind::kS3:
    case StoreKind::kS3Listing:
      return std::make_shared<SimulatedConditionalStore>(files, world, writer);
    case StoreKind::kS3Plain:
    case StoreKind::kObjects:
      break;
  }
  return std::make_shared<SimulatedUploadingStore>(files, world, writer);
}

}  // namespace pomona
