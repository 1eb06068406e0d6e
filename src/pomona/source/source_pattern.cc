#include "pomona/source/source_pattern.h"

#include <string_view>

namespace pomona {
namespace {

bool HasPattern(std::string_view text) {
  if (text.find_first_of("*?") != std::string_view::npos) return true;
  const auto has_pair = [&](char open, char close) {
    const size_t at = text.find(open);
    return at != std::string_view::npos && text.find(close, at) != std::string_view::npos;
  };
  return has_pair('{', '}') || has_pair('[', ']');
}

bool TakesAll(std::string_view name) { return name == "*" || name == "**"; }

}  // namespace

std::optional<std::string> WithoutPattern(const std::string& source) {
  std::string_view text = source;
  while (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
  if (!HasPattern(text)) return std::nullopt;
  // Braces may hold slashes, so that the first of these ends what is plain.
  const size_t slash = text.substr(0, text.find_first_of("*?{[")).rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? "."
                                  : slash == 0                    ? "/"
                                                                  : text.substr(0, slash);
  std::string_view rest = slash == std::string_view::npos ? text : text.substr(slash + 1);
  std::string_view chosen;
  for (size_t at = rest.find('/'); at != std::string_view::npos; at = rest.find('/')) {
    if (!TakesAll(rest.substr(0, at)) && chosen.empty()) chosen = rest.substr(0, at);
    rest.remove_prefix(at + 1);
  }
  std::string instead(folder);
  const bool is_file = HasPattern(rest) || rest.find('.') != std::string_view::npos;
  if (is_file && !TakesAll(rest)) instead.append(" with option `glob=").append(rest).append("`");
  if (!chosen.empty()) instead.append("; folders cannot be chosen, as by ").append(chosen);
  return instead;
}

}  // namespace pomona
