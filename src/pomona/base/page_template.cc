#include "pomona/base/page_template.h"

namespace pomona {

std::string EscapedHtml(std::string_view text) {
  static const std::map<char, std::string_view> kEscapes = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  std::string escaped;
  for (const char c : text) {
    const auto escape = kEscapes.find(c);
    escaped += escape == kEscapes.end() ? std::string_view(&c, 1) : escape->second;
  }
  return escaped;
}

std::string FillMarks(std::string_view page,
                      const std::map<std::string_view, std::string_view>& marks) {
  size_t size = page.size();
  for (const auto& [name, text] : marks) size += text.size();
  std::string filled;
  filled.reserve(size);
  for (size_t at = 0; at < page.size();) {
    const size_t open = page.find("{{", at);
    const size_t close = page.find("}}", open == page.npos ? page.size() : open);
    if (close == page.npos) return filled.append(page.substr(at));
    const auto mark = marks.find(page.substr(open + 2, close - open - 2));
    filled.append(page.substr(at, open - at));
    filled.append(mark == marks.end() ? page.substr(open, close + 2 - open) : mark->second);
    at = close + 2;
  }
  return filled;
}

}  // namespace pomona
