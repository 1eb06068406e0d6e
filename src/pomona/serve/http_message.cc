#include "pomona/serve/http_message.h"

#include <algorithm>
#include <cctype>

#include "pomona/base/hex.h"
#include "pomona/base/json.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

arrow::Result<std::string> PercentDecoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : HexDigit(text[i + 2]);
      if (low < 0) return arrow::Status::Invalid("the address has a % that no two digits follow");
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

bool SameName(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (SameName(key, name)) return value;
  }
  return {};
}

arrow::Status HttpRequest::SetTarget(std::string_view target) {
  const size_t mark = target.find('?');
  ARROW_ASSIGN_OR_RAISE(path, PercentDecoded(target.substr(0, mark), /*plus_is_space=*/false));
  query.clear();
  std::string_view rest = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    ARROW_ASSIGN_OR_RAISE(const std::string name, PercentDecoded(pair.substr(0, equals), true));
    ARROW_ASSIGN_OR_RAISE(query[name],
                          PercentDecoded(pair.substr(std::min(equals + 1, pair.size())), true));
  }
  return arrow::Status::OK();
}

HttpReply ErrorReply(int status, std::string_view code, std::string_view message) {
  constexpr std::string_view kHint = "\nhint: ";
  const size_t hint = message.rfind(kHint);
  Json error = {{"error", ShownUri(message.substr(0, hint))}, {"code", code}};
  if (hint != std::string_view::npos) {
    error["hint"] = ShownUri(message.substr(hint + kHint.size()));
  }
  return {.status = status, .body = CompactJson(error) + "\n"};
}

HttpReply BusyReply(std::string_view why) {
  HttpReply reply = ErrorReply(503, "busy", why);
  reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

}  // namespace pomona
