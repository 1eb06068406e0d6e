#include "pomona/source/label.h"

#include <string_view>

namespace pomona {
namespace {

std::optional<std::string> ParentName(std::string_view uri) {
  const size_t end = uri.rfind('/');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const size_t begin = uri.rfind('/', end - 1);
  // The root of a local or HDFS tree has no name; a bucket or a container has one.
  if (begin == std::string_view::npos) return std::nullopt;
  std::string_view name = uri.substr(begin + 1, end - begin - 1);
  if (uri.find("://") + 2 == begin) {
    if (uri.starts_with("hdfs:")) return std::nullopt;
    if (uri.starts_with("abfs")) name = name.substr(0, name.find('@'));
  }
  if (name.empty()) return std::nullopt;
  return std::string(name);
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
