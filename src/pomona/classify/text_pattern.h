#pragma once

#include <arrow/result.h>

#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace pomona {

/// A regular expression (ECMAScript) that is searched in texts which are not ours. Immutable; many
/// threads may use one.
class TextPattern {
 public:
  /// Invalid, naming `option`: no regular expression.
  static arrow::Result<TextPattern> Make(const std::string& option, const std::string& expression);

  /// Nothing where it is not found; else what its groups captured, joined by '/', or the whole
  /// match if it has no groups. A group that took no part is empty. Invalid, naming the option and
  /// the text: it is too hard to search in, or the text is longer than 8,192 bytes, which the
  /// standard library's search answers with the end of the stack.
  arrow::Result<std::optional<std::string>> Find(std::string_view text) const;

 private:
  TextPattern(std::string option, std::regex regex);

  std::string option_;
  std::regex regex_;
};

}  // namespace pomona
