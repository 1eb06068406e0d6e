#pragma once

#include <arrow/status.h>

#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// File name patterns (`*`, `?`, `[abc]`, `\` escapes), matched in any case against the base
/// name. A value; Matches is thread-safe.
class Glob {
 public:
  explicit Glob(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

  /// Invalid: no pattern, an empty one, or one with a slash (it would never match a name).
  arrow::Status Validate() const;

  /// `uri`: the part behind its last slash is matched. Cost: well below a microsecond.
  bool Matches(const std::string& uri) const;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace pomona
