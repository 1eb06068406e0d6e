#include "simulator/simulated_tree.h"

namespace pomona {
namespace {

NodePtr CopyOf(const SimulatedNode& node) {
  auto copy = std::make_shared<SimulatedNode>(node);
  copy->writer = -1;
  copy->mtime_ns = 0;
  for (auto& [name, child] : copy->children) child = CopyOf(*child);
  return copy;
}

/// Takes the first name from `path`.
std::string_view TakeName(std::string_view& path) {
  const size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  return name;
}

}  // namespace

SimulatedTree SimulatedTree::Copy() const {
  SimulatedTree copy;
  copy.root_ = CopyOf(*root_);
  return copy;
}

NodePtr SimulatedTree::Find(std::string_view path) const {
  const NodePtr* at = &root_;
  while (!path.empty()) {
    const auto& children = (*at)->children;
    const auto found = children.find(TakeName(path));
    if (found == children.end()) return nullptr;
    at = &found->second;
  }
  return *at;
}

NodePtr SimulatedTree::Parent(std::string_view path) const {
  auto folder = Find(FolderOf(path));
  return folder != nullptr && folder->folder ? folder : nullptr;
}

NodePtr SimulatedTree::MakeFolders(std::string_view path) {
  NodePtr at = root_;
  while (!path.empty()) {
    auto& next = at->children[std::string(TakeName(path))];
    if (next == nullptr) next = std::make_shared<SimulatedNode>(SimulatedNode{.folder = true});
    if (!next->folder) return nullptr;
    at = next;
  }
  return at;
}

std::string_view SimulatedTree::BaseOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

std::string_view SimulatedTree::FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

void SimulatedTree::Remove(SimulatedNode& node) {
  node.removed = true;
  for (auto& [name, child] : node.children) Remove(*child);
}

}  // namespace pomona
