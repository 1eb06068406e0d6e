#include "pomona/shown_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace pomona {
namespace {

constexpr std::string_view kHidden = "***";

// The code point at the start of `text` and its length; length 0: not UTF-8.
struct Letter {
  uint32_t code = 0;
  size_t length = 0;
};

Letter FirstLetter(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  uint32_t code = lead & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {};
  return {code, length};
}

// Of C0 and C1, line and paragraph ends, and what turns or isolates the direction of writing.
bool IsControl(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
         (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void AppendHex(uint32_t code, int digits, std::string* text) {
  constexpr char kHex[] = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) *text += kHex[code >> shift & 15];
}

bool EndsWord(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '`' || c == '"'; }

bool IsSchemeChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return lower;
}

bool IsPort(std::string_view text) {
  return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// How many characters of `rest`, which follows "scheme://" and ends with its word, are credentials.
// A secret key may hold slashes, so that the host is behind the last "@" of the word.
size_t CredentialsLength(const std::string& scheme, std::string_view rest) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = authority.rfind('@');
  const size_t colon = authority.find(':');
  const bool arn = authority.starts_with("arn:");
  const bool password = colon != std::string_view::npos && !arn &&
                        (colon < at && at != std::string_view::npos
                             ? true
                             : authority[0] != '[' && !IsPort(authority.substr(colon + 1)));
  if (password) {
    const size_t last = rest.rfind('@');
    return last == std::string_view::npos ? authority.size() : last;
  }
  if (at == std::string_view::npos) return 0;
  const bool is_name = scheme == "abfs" || scheme == "abfss" || scheme == "hdfs" ||
                       (scheme == "gs" && authority.substr(0, at) == "anonymous");
  return is_name ? 0 : at;
}

bool IsSecretParameter(std::string_view name) {
  constexpr std::array<std::string_view, 10> kNames = {
      "signature", "sig",          "awsaccesskeyid", "googleaccessid", "token",
      "key",       "access_token", "password",       "secret",         "sastoken"};
  const std::string lower = Lower(name);
  return lower.starts_with("x-amz-") || lower.starts_with("x-goog-") ||
         std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

std::string WithoutCredentials(std::string_view text) {
  std::string shown;
  size_t i = 0;
  while (i < text.size()) {
    if (text.substr(i).starts_with("://")) {
      size_t scheme = i;
      while (scheme > 0 && IsSchemeChar(text[scheme - 1])) --scheme;
      const size_t begin = i + 3;
      size_t end = begin;
      while (end < text.size() && !EndsWord(text[end])) ++end;
      shown += "://";
      const size_t secret = CredentialsLength(Lower(text.substr(scheme, i - scheme)),
                                              text.substr(begin, end - begin));
      if (secret > 0) shown += kHidden;
      i = begin + secret;
      continue;
    }
    if (text[i] == '?' || text[i] == '&') {
      const size_t equals = text.find_first_of("=?&", i + 1);
      if (equals != std::string_view::npos && text[equals] == '=' &&
          IsSecretParameter(text.substr(i + 1, equals - i - 1))) {
        size_t end = equals + 1;
        while (end < text.size() && text[end] != '&' && !EndsWord(text[end])) ++end;
        shown.append(text.substr(i, equals + 1 - i)).append(kHidden);
        i = end;
        continue;
      }
    }
    shown += text[i++];
  }
  return shown;
}

}  // namespace

std::string ShownText(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Letter letter = FirstLetter(text.substr(i));
    if (letter.length == 0) {
      shown += "\\x";
      AppendHex(static_cast<uint8_t>(text[i++]), 2, &shown);
      continue;
    }
    if (!IsControl(letter.code)) {
      shown.append(text.substr(i, letter.length));
    } else if (letter.code == '\n') {
      shown += "\\n";
    } else if (letter.code == '\r') {
      shown += "\\r";
    } else if (letter.code == '\t') {
      shown += "\\t";
    } else if (letter.code < 0x80) {
      shown += "\\x";
      AppendHex(letter.code, 2, &shown);
    } else {
      shown += "\\u";
      AppendHex(letter.code, 4, &shown);
    }
    i += letter.length;
  }
  return shown;
}

std::string ShownUri(std::string_view text) {
  // In this order: a control in a secret does not end it.
  std::string shown = WithoutCredentials(ShownText(text));
  // What is left may look like credentials in its turn; each round hides some of it.
  constexpr int kRounds = 8;
  for (int i = 0; i < kRounds; ++i) {
    std::string again = WithoutCredentials(shown);
    if (again == shown) break;
    shown = std::move(again);
  }
  return shown;
}

std::string ShownMessage(std::string_view message) {
  constexpr std::string_view kHint = "\nhint: ", kItem = "\n  ";
  std::string_view hint = message.substr(std::min(message.rfind(kHint), message.size()));
  message.remove_suffix(hint.size());
  std::string shown;
  for (size_t item; (item = message.find(kItem)) != std::string_view::npos;) {
    shown.append(ShownUri(message.substr(0, item))).append(kItem);
    message.remove_prefix(item + kItem.size());
  }
  shown.append(ShownUri(message));
  if (hint.empty()) return shown;
  hint.remove_prefix(kHint.size());
  return shown.append(kHint).append(ShownUri(hint));
}

}  // namespace pomona
