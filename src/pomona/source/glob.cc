#include "pomona/source/glob.h"

#include <fnmatch.h>

#include <algorithm>

#include "pomona/source/brace_expansion.h"

namespace pomona {
namespace {

using arrow::Status;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The last letter of the bracket expression that begins at `begin`; `begin` if it is not closed.
size_t EndOfBracket(std::string_view pattern, size_t begin) {
  size_t at = begin + 1;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) ++at;
  // A closing bracket that comes first is one of the letters.
  const size_t end = pattern.find(']', at + 1);
  return end == std::string_view::npos ? begin : end;
}

bool HasComma(std::string_view pattern) {
  for (size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == ',') return true;
    if (c == '\\') ++at;
    if (c == '[') at = EndOfBracket(pattern, at);
  }
  return false;
}

bool IsEnding(std::string_view pattern) {
  return pattern.starts_with('*') &&
         std::all_of(pattern.begin() + 1, pattern.end(), [](unsigned char c) {
           return c < 0x80 &&
                  std::string_view("*?[\\").find(static_cast<char>(c)) == std::string_view::npos;
         });
}

bool EndsWith(std::string_view name, std::string_view ending) {
  return name.size() >= ending.size() &&
         std::equal(ending.begin(), ending.end(),
                    name.end() - static_cast<ptrdiff_t>(ending.size()),
                    [](char a, char b) { return a == Lower(b); });
}

}  // namespace

arrow::Result<Glob> Glob::Make(const std::vector<std::string>& patterns) {
  if (patterns.empty()) {
    return Status::Invalid("globs: at least one file name pattern is needed");
  }
  Glob made;
  for (const std::string& pattern : patterns) {
    if (pattern.empty()) return Status::Invalid("globs: a file name pattern is empty");
    if (pattern.find('/') != std::string::npos) {
      return Status::Invalid("globs: a pattern is matched against the file name alone: ", pattern,
                             "\nhint: leave out the folder");
    }
    ARROW_ASSIGN_OR_RAISE(auto expanded, ExpandBraces(pattern));
    for (std::string& one : expanded) {
      if (HasComma(one)) {
        return Status::Invalid("globs: a comma outside of braces: ", pattern,
                               "\nhint: one pattern each, or braces, as *.{jpg,png}; a comma in a "
                               "name is written \\,");
      }
      if (IsEnding(one)) {
        std::transform(one.begin(), one.end(), one.begin(), Lower);
        made.endings_.push_back(one.substr(1));
      } else {
        made.patterns_.push_back(std::move(one));
      }
    }
  }
  return made;
}

bool Glob::Matches(std::string_view uri) const {
  const std::string_view name = uri.substr(uri.rfind('/') + 1);
  const auto ends = [&](const std::string& ending) { return EndsWith(name, ending); };
  if (std::any_of(endings_.begin(), endings_.end(), ends)) return true;
  if (patterns_.empty()) return false;
  const std::string text(name);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD) == 0;
  });
}

}  // namespace pomona
