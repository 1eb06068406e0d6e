#include "pomona/source/hidden_name.h"

namespace pomona {

bool IsPrivateName(std::string_view name) { return name.starts_with('_') || name.starts_with('.'); }

bool IsHiddenName(std::string_view name) {
  return IsPrivateName(name) || (name.starts_with("part-") && name.ends_with(".parquet"));
}

bool IsHiddenPath(std::string_view path) {
  while (true) {
    const size_t slash = path.find('/');
    if (IsHiddenName(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace pomona
