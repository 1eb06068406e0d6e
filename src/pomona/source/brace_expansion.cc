#include "pomona/source/brace_expansion.h"

#include <optional>
#include <string_view>
#include <utility>

namespace pomona {
namespace {

using Patterns = std::vector<std::string>;

constexpr size_t kMost = 1024;

/// "{a,b}": its alternatives, and where it ends.
struct Group {
  std::vector<std::string_view> alternatives;
  size_t end;  ///< behind the closing brace
};

/// The group that begins at `begin`; nullopt if it is not closed.
std::optional<Group> FindGroup(std::string_view text, size_t begin) {
  Group group{{}, 0};
  int depth = 0;
  size_t alternative = begin + 1;
  for (size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    const bool closes = c == '}' && depth == 1;
    if (closes || (c == ',' && depth == 1)) {
      group.alternatives.push_back(text.substr(alternative, at - alternative));
      alternative = at + 1;
    }
    if (closes) {
      group.end = at + 1;
      return group;
    }
    if (c == '\\') ++at;
    if (c == '{') ++depth;
    if (c == '}') --depth;
  }
  return std::nullopt;
}

arrow::Result<Patterns> Expand(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
      continue;
    }
    if (text[at] != '{') continue;
    const auto group = FindGroup(text, at);
    if (!group) continue;
    if (group->alternatives.size() == 1) {
      if (group->alternatives[0].find("..") == std::string_view::npos) continue;
      return arrow::Status::Invalid("globs: a range in braces: ", text,
                                    "\nhint: write it out, as {1,2,3}, or as letters in [1-3]");
    }
    ARROW_ASSIGN_OR_RAISE(const Patterns rest, Expand(text.substr(group->end)));
    Patterns expanded;
    for (const std::string_view alternative : group->alternatives) {
      ARROW_ASSIGN_OR_RAISE(const Patterns inside, Expand(alternative));
      if (expanded.size() + inside.size() * rest.size() > kMost) {
        return arrow::Status::Invalid("globs: more than ", kMost, " patterns: ", text);
      }
      for (const std::string& one : inside) {
        for (const std::string& end : rest) {
          expanded.push_back(std::string(text.substr(0, at)).append(one).append(end));
        }
      }
    }
    return expanded;
  }
  return Patterns{std::string(text)};
}

}  // namespace

arrow::Result<Patterns> ExpandBraces(const std::string& pattern) { return Expand(pattern); }

}  // namespace pomona
