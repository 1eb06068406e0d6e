#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// File name patterns (`*`, `?`, `[abc]`, `{a,b}`, `\` escapes), matched in any case against the
/// base name. A value; Matches is thread-safe.
class Glob {
 public:
  /// Invalid: no pattern, an empty one, one with a slash (it would never match a name), or with a
  /// comma outside of braces (it is a list to whom wrote it, and would be one name to us).
  static arrow::Result<Glob> Make(const std::vector<std::string>& patterns);

  /// `uri`: the part behind its last slash is matched. Cost: well below a microsecond.
  bool Matches(std::string_view uri) const;

 private:
  std::vector<std::string> endings_;   // of "*.jpg", lower case: what nearly all patterns are
  std::vector<std::string> patterns_;  // the others, for fnmatch
};

}  // namespace pomona
