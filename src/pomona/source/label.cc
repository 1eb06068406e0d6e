#include "pomona/source/label.h"

#include <string_view>

namespace pomona {
namespace {

/// The name of the bucket or container; the root of a local or HDFS tree has none.
std::optional<std::string> RootName(std::string_view scheme, std::string_view authority) {
  if (scheme == "hdfs") return std::nullopt;
  if (scheme.starts_with("abfs")) authority = authority.substr(0, authority.find('@'));
  if (authority.empty()) return std::nullopt;
  return std::string(authority);
}

std::optional<std::string> ParentName(std::string_view uri) {
  const size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view folder = uri.substr(colon + 1);
  std::optional<std::string> root;
  if (folder.starts_with("//")) {
    const size_t path = folder.find('/', 2);
    if (path == std::string_view::npos) return std::nullopt;
    root = RootName(uri.substr(0, colon), folder.substr(2, path - 2));
    folder.remove_prefix(path);
  }
  folder = folder.substr(0, folder.rfind('/') + 1);
  // An object's key may hold names that are empty.
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (folder.empty()) return root;
  return std::string(folder.substr(folder.rfind('/') + 1));
}

}  // namespace

arrow::Result<LabelRule> LabelRule::Make(const std::string& rule) {
  LabelRule made;
  if (rule == "none") return made;
  if (rule == "parent") {
    made.kind_ = Kind::kParent;
    return made;
  }
  if (rule.empty()) {
    return arrow::Status::Invalid("label: empty\nhint: parent, none or a regular expression");
  }
  made.kind_ = Kind::kRegex;
  try {
    made.regex_ = std::regex(rule, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error& error) {
    return arrow::Status::Invalid("label: not a regular expression: ", rule, ": ", error.what());
  }
  return made;
}

arrow::Result<std::optional<std::string>> LabelRule::Find(const std::string& uri) const {
  if (kind_ == Kind::kNone) return std::nullopt;
  if (kind_ == Kind::kParent) return ParentName(uri);
  std::smatch match;
  try {
    if (!std::regex_search(uri, match, regex_)) return std::nullopt;
  } catch (const std::regex_error& error) {
    return arrow::Status::Invalid("label: the regular expression failed on ", uri, ": ",
                                  error.what());
  }
  const auto& group = match.size() > 1 ? match[1] : match[0];
  if (!group.matched) return std::nullopt;
  return group.str();
}

}  // namespace pomona
