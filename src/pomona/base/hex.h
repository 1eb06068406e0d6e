#pragma once

#include <cstdint>
#include <string>

namespace pomona {

/// Appends a byte as two digits, in lower case.
inline void AppendHex(uint8_t byte, std::string* text) {
  constexpr char kDigits[] = "0123456789abcdef";
  *text += {kDigits[byte >> 4], kDigits[byte & 15]};
}

/// The value of a digit in either case; -1 for anything else.
inline int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace pomona
