#include "pomona/classify/text_pattern.h"

#include <utility>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr size_t kLongestText = 8192;

}  // namespace

TextPattern::TextPattern(std::string option, std::regex regex)
    : option_(std::move(option)), regex_(std::move(regex)) {}

arrow::Result<TextPattern> TextPattern::Make(const std::string& option,
                                             const std::string& expression) {
  try {
    return TextPattern(option,
                       std::regex(expression, std::regex::ECMAScript | std::regex::optimize));
  } catch (const std::regex_error& error) {
    return arrow::Status::Invalid("option `", option,
                                  "`: not a regular expression: ", ShownText(expression), ": ",
                                  error.what());
  }
}

arrow::Result<std::optional<std::string>> TextPattern::Find(std::string_view text) const {
  const auto failed = [&](const char* why) {
    return arrow::Status::Invalid("option `", option_, "`: the regular expression failed on ",
                                  ShownUri(text.substr(0, 200)), ": ", why);
  };
  if (text.size() > kLongestText) return failed("it has more than 8,192 bytes");
  std::match_results<std::string_view::const_iterator> match;
  try {
    if (!std::regex_search(text.begin(), text.end(), match, regex_)) return std::nullopt;
  } catch (const std::regex_error& error) {
    return failed(error.what());
  }
  if (match.size() == 1) return match[0].str();
  std::string found = match[1].str();
  for (size_t i = 2; i < match.size(); ++i) found += "/" + match[i].str();
  return found;
}

}  // namespace pomona
