#include "simulator/simulated_file_system.h"

#include <arrow/io/interfaces.h>

#include <utility>

#include "pomona/table/layout.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

std::string NameOf(const std::string& path) {
  constexpr size_t kBefore = sizeof(SimulatedFileSystem::kTable);
  return path.size() < kBefore ? std::string() : path.substr(kBefore);
}

Status NotThere(const std::string& path) { return Status::IOError("there is no ", path); }

}  // namespace

SimulatedFileSystem::SimulatedFileSystem(World& world, int writer)
    : FileSystem(arrow::io::default_io_context()),
      world_(world),
      writer_(writer),
      kind_(world.schedule().store) {}

/// `act` may be called again later, and must own what it needs.
template <typename Act>
Status SimulatedFileSystem::Change(const char* call, const std::string& path, Act act) {
  // A request is signed before it is sent, and may be long on its way.
  const int64_t expires = world_.ExpiresNs(writer_, path);
  const Fate fate = world_.Step(writer_, call, path);
  if (fate == Fate::kGone) return Status::IOError("gone");
  const auto perform = [this, call, path, expires, act](const char* how) {
    const Status status =
        world_.now_ns() <= expires ? act() : Status::IOError("the request came too late");
    if (world_.telling()) {
      world_.TellStep(writer_, std::string(how) + call, NameOf(path),
                      status.ok() ? "" : status.message());
    }
    return status;
  };
  if (fate != Fate::kDone) world_.Unanswered(writer_);
  if (fate == Fate::kFailed) return Status::IOError("no answer");
  if (fate == Fate::kLate) {
    world_.Later([perform] { (void)perform("late "); });
    return Status::IOError("no answer yet");
  }
  const Status status = perform("");
  if (fate == Fate::kTwice) world_.Later([perform] { (void)perform("again "); });
  return fate == Fate::kAnswerLost ? Status::IOError("no answer") : status;
}

void SimulatedFileSystem::Report(const std::string& path, const NodePtr& before,
                                 const NodePtr& after) {
  const std::string name = NameOf(path);
  if (after != nullptr && ClaimEpochOf(name) >= 0) world_.Claimed(writer_);
  world_.observer().Changed(writer_, name, before, after);
}

Status SimulatedFileSystem::CreateDir(const std::string& path, bool) {
  return Change("make folder", path, [this, path] {
    return world_.tree().MakeFolders(path) != nullptr ? Status::OK() : NotThere(path);
  });
}

Status SimulatedFileSystem::DeleteDir(const std::string& path) {
  return Change("remove folder", path, [this, path] {
    const NodePtr parent = world_.tree().Parent(path);
    const NodePtr node = world_.tree().Find(path);
    if (node == nullptr || !node->folder) return NotThere(path);
    SimulatedTree::Remove(*node);
    parent->children.erase(std::string(SimulatedTree::BaseOf(path)));
    return Status::OK();
  });
}

Status SimulatedFileSystem::DeleteFile(const std::string& path) {
  return Change("remove", path, [this, path] {
    const NodePtr parent = world_.tree().Parent(path);
    const NodePtr node = world_.tree().Find(path);
    if (node == nullptr || node->folder) return NotThere(path);
    SimulatedTree::Remove(*node);
    parent->children.erase(std::string(SimulatedTree::BaseOf(path)));
    Report(path, node, nullptr);
    return Status::OK();
  });
}

Status SimulatedFileSystem::Rename(const std::string& from, const std::string& to, bool replaces) {
  const NodePtr node = world_.tree().Find(from);
  if (node == nullptr) return NotThere(from);
  const NodePtr target = world_.tree().Parent(to);
  if (target == nullptr) return NotThere(to);
  auto& place = target->children[std::string(SimulatedTree::BaseOf(to))];
  const NodePtr before = place;
  if (before != nullptr && !replaces) return Status::AlreadyExists("there is a ", to);
  place = node;
  if (before != nullptr) SimulatedTree::Remove(*before);
  world_.tree().Parent(from)->children.erase(std::string(SimulatedTree::BaseOf(from)));
  if (!node->folder) {
    Report(from, node, nullptr);
    Report(to, before, node);
  }
  return Status::OK();
}

Status SimulatedFileSystem::Move(const std::string& from, const std::string& to) {
  return Change("move", from + " -> " + NameOf(to),
                [this, from, to] { return Rename(from, to, kind_ == StoreKind::kLocal); });
}

Status SimulatedFileSystem::MoveNew(const std::string& from, const std::string& to) {
  return Change("move new", from + " -> " + NameOf(to),
                [this, from, to] { return Rename(from, to, world_.mutation().new_replaces); });
}

Result<bool> SimulatedFileSystem::MoveInto(const std::string& path, const NodePtr& folder,
                                           const std::string& base) {
  const Status status = Change("move away", path, [this, path, folder, base] {
    const NodePtr node = world_.tree().Find(path);
    if (node == nullptr) return Status::KeyError("there is no ", path);
    if (folder->removed) return NotThere(base);
    world_.tree().Parent(path)->children.erase(std::string(SimulatedTree::BaseOf(path)));
    folder->children[base] = node;
    Report(path, node, nullptr);
    return Status::OK();
  });
  if (status.IsKeyError()) return false;
  ARROW_RETURN_NOT_OK(status);
  return true;
}

Status SimulatedFileSystem::Put(const std::string& path, const std::string& bytes, bool is_new) {
  const NodePtr folder = world_.tree().MakeFolders(SimulatedTree::FolderOf(path));
  if (folder == nullptr) return NotThere(path);
  auto& place = folder->children[std::string(SimulatedTree::BaseOf(path))];
  const NodePtr before = place;
  if (before != nullptr && is_new && !world_.mutation().new_replaces) {
    return Status::AlreadyExists("there is a ", path);
  }
  place = std::make_shared<SimulatedNode>(
      SimulatedNode{.bytes = bytes, .mtime_ns = world_.now_ns(), .writer = writer_});
  Report(path, before, place);
  return Status::OK();
}

Status SimulatedFileSystem::PutNew(const std::string& path, std::string_view bytes) {
  return Change("put new", path, [this, path, bytes = std::string(bytes)] {
    return Put(path, bytes, /*is_new=*/true);
  });
}

/// A file of a disk: there from its beginning, and what is written is in it at once.
class SimulatedFileSystem::WrittenFile : public arrow::io::OutputStream {
 public:
  WrittenFile(SimulatedFileSystem& files, NodePtr node) : files_(files), node_(std::move(node)) {}
  Status Write(const void* data, int64_t bytes) override {
    node_->bytes.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
    node_->mtime_ns = files_.world_.now_ns();
    return Status::OK();
  }
  Status Close() override {
    closed_ = true;
    // A name node knows files by number, and one that was removed is none.
    const bool lost = files_.kind_ == StoreKind::kHdfs && node_->removed;
    return lost ? Status::IOError("the file was removed") : Status::OK();
  }
  Status Abort() override { return Close(); }
  Result<int64_t> Tell() const override { return static_cast<int64_t>(node_->bytes.size()); }
  bool closed() const override { return closed_; }

 private:
  SimulatedFileSystem& files_;
  const NodePtr node_;
  bool closed_ = false;
};

/// An object: there when it is whole.
class SimulatedFileSystem::Upload : public arrow::io::OutputStream {
 public:
  Upload(SimulatedFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
  Status Write(const void* data, int64_t bytes) override {
    bytes_.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
    return Status::OK();
  }
  Status Close() override {
    if (std::exchange(closed_, true)) return Status::OK();
    return files_.Change("put", path_, [files = &files_, path = path_, bytes = bytes_] {
      return files->Put(path, bytes, /*is_new=*/false);
    });
  }
  Status Abort() override {
    closed_ = true;
    return Status::OK();
  }
  Result<int64_t> Tell() const override { return static_cast<int64_t>(bytes_.size()); }
  bool closed() const override { return closed_; }

 private:
  SimulatedFileSystem& files_;
  const std::string path_;
  std::string bytes_;
  bool closed_ = false;
};

Result<std::shared_ptr<arrow::io::OutputStream>> SimulatedFileSystem::OpenOutputStream(
    const std::string& path, const std::shared_ptr<const arrow::KeyValueMetadata>&) {
  if (kind_ != StoreKind::kLocal && kind_ != StoreKind::kHdfs) {
    return std::make_shared<Upload>(*this, path);
  }
  NodePtr made;
  ARROW_RETURN_NOT_OK(Change("create", path, [this, path, &made] {
    const auto above = SimulatedTree::FolderOf(path);
    const NodePtr folder =
        kind_ == StoreKind::kHdfs ? world_.tree().MakeFolders(above) : world_.tree().Parent(path);
    if (folder == nullptr || !folder->folder) return NotThere(std::string(above));
    auto& place = folder->children[std::string(SimulatedTree::BaseOf(path))];
    if (place != nullptr && place->folder) return Status::IOError("a folder: ", path);
    if (place != nullptr) SimulatedTree::Remove(*place);
    place = std::make_shared<SimulatedNode>(
        SimulatedNode{.mtime_ns = world_.now_ns(), .writer = writer_});
    made = place;
    return Status::OK();
  }));
  return std::make_shared<WrittenFile>(*this, made);
}

// Nothing in the protocol asks for these.

Status SimulatedFileSystem::DeleteDirContents(const std::string&, bool) {
  return Status::NotImplemented("not simulated");
}
Status SimulatedFileSystem::DeleteRootDirContents() {
  return Status::NotImplemented("not simulated");
}
Status SimulatedFileSystem::CopyFile(const std::string&, const std::string&) {
  return Status::NotImplemented("not simulated");
}
Result<std::shared_ptr<arrow::io::OutputStream>> SimulatedFileSystem::OpenAppendStream(
    const std::string&, const std::shared_ptr<const arrow::KeyValueMetadata>&) {
  return Status::NotImplemented("not simulated");
}

}  // namespace pomona
