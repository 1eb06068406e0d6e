#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include <utility>

#include "simulator/simulated_file_system.h"

// What only looks at the files; what changes them is in simulated_file_system.cc.

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using arrow::fs::FileInfo;
using arrow::fs::FileType;

constexpr int64_t kListingDelayNs = 5'000'000'000;

FileInfo InfoOf(const std::string& path, const NodePtr& node) {
  FileInfo info(path, node == nullptr ? FileType::NotFound
                      : node->folder  ? FileType::Directory
                                      : FileType::File);
  if (node == nullptr || node->folder) return info;
  info.set_size(static_cast<int64_t>(node->bytes.size()));
  info.set_mtime(arrow::fs::TimePoint(std::chrono::nanoseconds(node->mtime_ns)));
  return info;
}

/// `path` by value: it may be one of `infos`, which move.
void AddAllIn(std::string path, const SimulatedNode& folder, std::vector<FileInfo>* infos) {
  for (const auto& [name, node] : folder.children) {
    infos->push_back(InfoOf(path + "/" + name, node));
    AddAllIn(infos->back().path(), *node, infos);
  }
}

}  // namespace

Status SimulatedFileSystem::Look(const char* call, const std::string& path) {
  const Fate fate = world_.Step(writer_, call, path);
  if (fate == Fate::kDone || fate == Fate::kTwice) return Status::OK();
  return Status::IOError("no answer");
}

Result<FileInfo> SimulatedFileSystem::GetFileInfo(const std::string& path) {
  ARROW_RETURN_NOT_OK(Look("look", path));
  return InfoOf(path, world_.tree().Find(path));
}

Result<std::vector<FileInfo>> SimulatedFileSystem::GetFileInfo(
    const arrow::fs::FileSelector& selector) {
  ARROW_RETURN_NOT_OK(Look("list", selector.base_dir));
  const bool is_lease = selector.base_dir.ends_with("/lease");
  if (is_lease) world_.observer().Listed(writer_, selector.base_dir.substr(sizeof(kTable)));
  std::vector<FileInfo> infos;
  const NodePtr folder = world_.tree().Find(selector.base_dir);
  if (folder == nullptr || !folder->folder) return infos;
  infos.reserve(folder->children.size());
  for (const auto& [name, node] : folder->children) {
    if (kind_ == StoreKind::kS3Listing && !node->folder && node->writer != writer_ &&
        world_.now_ns() - node->mtime_ns < kListingDelayNs) {
      continue;
    }
    // Signs of others, once this writer has claimed.
    if (world_.mutation().no_second_look && is_lease && name.size() > 20 &&
        node->writer != writer_ && world_.HasClaimed(writer_)) {
      continue;
    }
    infos.push_back(InfoOf(selector.base_dir + "/" + name, node));
    if (selector.recursive) AddAllIn(infos.back().path(), *node, &infos);
  }
  return infos;
}

Result<NodePtr> SimulatedFileSystem::OpenFolder(const std::string& path) {
  ARROW_RETURN_NOT_OK(Look("open folder", path));
  const NodePtr node = world_.tree().Find(path);
  if (node == nullptr || !node->folder) return Status::IOError("there is no ", path);
  return node;
}

Result<std::shared_ptr<arrow::io::RandomAccessFile>> SimulatedFileSystem::OpenInputFile(
    const std::string& path) {
  ARROW_RETURN_NOT_OK(Look("read", path));
  const NodePtr node = world_.tree().Find(path);
  if (node == nullptr || node->folder) return Status::IOError("there is no ", path);
  return std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(node->bytes));
}

Result<std::shared_ptr<arrow::io::InputStream>> SimulatedFileSystem::OpenInputStream(
    const std::string& path) {
  return OpenInputFile(path);
}

}  // namespace pomona
