#include "pomona/storage/etag.h"

namespace pomona {

std::string_view OpaqueETag(std::string_view spelled) {
  constexpr std::string_view kSpace = " \t\r\n";
  while (!spelled.empty() && kSpace.find(spelled.front()) != std::string_view::npos) {
    spelled.remove_prefix(1);
  }
  while (!spelled.empty() && kSpace.find(spelled.back()) != std::string_view::npos) {
    spelled.remove_suffix(1);
  }
  if (spelled.starts_with("W/") || spelled.starts_with("w/")) spelled.remove_prefix(2);
  if (spelled.size() >= 2 && spelled.front() == '"' && spelled.back() == '"') {
    spelled = spelled.substr(1, spelled.size() - 2);
  }
  return spelled;
}

}  // namespace pomona
