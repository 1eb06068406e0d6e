#include "pomona/source/hidden_name.h"

#include "pomona/source/table_writer_name.h"

namespace pomona {
namespace {

template <typename Predicate>
bool AnyComponent(std::string_view path, Predicate predicate) {
  while (true) {
    const size_t slash = path.find('/');
    if (predicate(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

bool IsPrivateName(std::string_view name) { return name.starts_with('_') || name.starts_with('.'); }

bool IsHiddenName(std::string_view name) {
  return name.starts_with('.') || IsTableWriterName(name);
}

bool IsHiddenPath(std::string_view path) { return AnyComponent(path, IsHiddenName); }

bool HasUnderscoreName(std::string_view path) {
  return AnyComponent(path, [](std::string_view name) { return name.starts_with('_'); });
}

bool IsFolderMarker(std::string_view path) { return path.ends_with("_$folder$"); }

}  // namespace pomona
