#include "pomona/storage/modified_utf8.h"

#include <cstddef>
#include <cstdint>

namespace pomona {
namespace {

constexpr uint32_t kBeyond = 0x10000;
constexpr uint32_t kHighSurrogate = 0xD800;
constexpr uint32_t kLowSurrogate = 0xDC00;

uint32_t Byte(std::string_view text, size_t at) { return static_cast<uint8_t>(text[at]); }

bool IsContinuation(std::string_view text, size_t at) {
  return at < text.size() && (Byte(text, at) & 0xC0) == 0x80;
}

void AppendThree(uint32_t code, std::string* text) {
  *text += static_cast<char>(0xE0 | (code >> 12));
  *text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
  *text += static_cast<char>(0x80 | (code & 0x3F));
}

void AppendFour(uint32_t code, std::string* text) {
  *text += static_cast<char>(0xF0 | (code >> 18));
  *text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
  *text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
  *text += static_cast<char>(0x80 | (code & 0x3F));
}

// The code of the three bytes at `at`; 0 if there are no such.
uint32_t Three(std::string_view text, size_t at) {
  if (at >= text.size() || (Byte(text, at) & 0xF0) != 0xE0) return 0;
  if (!IsContinuation(text, at + 1) || !IsContinuation(text, at + 2)) return 0;
  return (Byte(text, at) & 0x0F) << 12 | (Byte(text, at + 1) & 0x3F) << 6 |
         (Byte(text, at + 2) & 0x3F);
}

}  // namespace

std::string ToModifiedUtf8(std::string_view utf8) {
  std::string modified;
  modified.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    const bool four = (Byte(utf8, i) & 0xF8) == 0xF0 && IsContinuation(utf8, i + 1) &&
                      IsContinuation(utf8, i + 2) && IsContinuation(utf8, i + 3);
    if (!four) {
      modified += utf8[i++];
      continue;
    }
    const uint32_t code = ((Byte(utf8, i) & 0x07) << 18 | (Byte(utf8, i + 1) & 0x3F) << 12 |
                           (Byte(utf8, i + 2) & 0x3F) << 6 | (Byte(utf8, i + 3) & 0x3F)) -
                          kBeyond;
    AppendThree(kHighSurrogate | (code >> 10), &modified);
    AppendThree(kLowSurrogate | (code & 0x3FF), &modified);
    i += 4;
  }
  return modified;
}

std::string FromModifiedUtf8(std::string_view modified) {
  std::string utf8;
  utf8.reserve(modified.size());
  for (size_t i = 0; i < modified.size();) {
    const uint32_t high = Three(modified, i);
    const uint32_t low = (high & 0xFC00) == kHighSurrogate ? Three(modified, i + 3) : 0;
    if ((low & 0xFC00) == kLowSurrogate) {
      AppendFour(kBeyond + ((high & 0x3FF) << 10 | (low & 0x3FF)), &utf8);
      i += 6;
    } else {
      utf8 += modified[i++];
    }
  }
  return utf8;
}

}  // namespace pomona
