#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace pomona {

/// A file or folder in memory. Who has it open has it, wherever it was moved, as on a disk.
struct SimulatedNode {
  bool folder = false;
  std::map<std::string, std::shared_ptr<SimulatedNode>, std::less<>> children = {};
  std::string bytes = {};
  int64_t mtime_ns = 0;
  int writer = -1;       ///< who made it
  bool removed = false;  ///< is in no folder any more
};

using NodePtr = std::shared_ptr<SimulatedNode>;

/// Folders and files by path, "a/b", without rules of its own about who may replace what.
class SimulatedTree {
 public:
  SimulatedTree() : root_(std::make_shared<SimulatedNode>(SimulatedNode{.folder = true})) {}
  /// Another one of the same files, which nobody made, long ago.
  SimulatedTree Copy() const;

  /// nullptr if there is none.
  NodePtr Find(std::string_view path) const;
  /// The folder that `path` lies in; nullptr if it is missing, or a file.
  NodePtr Parent(std::string_view path) const;
  /// With all above it; nullptr if a file is in the way.
  NodePtr MakeFolders(std::string_view path);

  static std::string_view BaseOf(std::string_view path);
  static std::string_view FolderOf(std::string_view path);
  /// Marks all of it.
  static void Remove(SimulatedNode& node);

 private:
  NodePtr root_;
};

}  // namespace pomona
