#include "pomona/image/gif_lzw.h"

#include <algorithm>
#include <optional>

namespace pomona::image {
namespace {

/// Codes of up to 13 bits out of blocks, low bits first.
class Codes {
 public:
  explicit Codes(std::span<const uint8_t> blocks) : rest_(blocks) {}

  /// Nothing where the blocks end. A block that is not whole counts as none, as in Pillow.
  std::optional<int> Next(int bits) {
    while (have_ < bits) {
      if (block_.empty()) {
        if (rest_.empty() || rest_[0] == 0 || rest_.size() < size_t{1} + rest_[0]) return {};
        block_ = rest_.subspan(1, rest_[0]);
        rest_ = rest_.subspan(1 + block_.size());
      }
      buffer_ |= uint32_t{block_[0]} << have_;
      block_ = block_.subspan(1);
      have_ += 8;
    }
    const auto code = static_cast<int>(buffer_ & ((1u << bits) - 1));
    buffer_ >>= bits;
    have_ -= bits;
    return code;
  }

 private:
  std::span<const uint8_t> rest_;
  std::span<const uint8_t> block_;
  uint32_t buffer_ = 0;
  int have_ = 0;
};

}  // namespace

GifLzw::Outcome GifLzw::Expand(std::span<const uint8_t> blocks, int code_bits,
                               std::span<uint8_t> pixels) {
  if (code_bits > kMaxBits) return Outcome::kCorrupt;
  const int clear = 1 << code_bits;
  const int end = clear + 1;
  Codes codes(blocks);
  int bits = code_bits + 1;
  int next = clear + 2;
  int previous = -1;  // none since the last clear code
  int first = 0;      // byte of the previous string
  size_t done = 0;
  while (done < pixels.size()) {
    const std::optional<int> read = codes.Next(bits);
    if (!read.has_value() || *read == end) return Outcome::kEnds;
    if (*read == clear) {
      bits = code_bits + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (previous < 0) {
      if (*read > clear) return Outcome::kCorrupt;
      previous = first = *read;
      pixels[done++] = static_cast<uint8_t>(first);
      continue;
    }
    if (*read > next) return Outcome::kCorrupt;
    int code = *read;
    int begin = kTable;  // the string grows from the end of text_
    if (code == next) {
      text_[--begin] = static_cast<uint8_t>(first);
      code = previous;
    }
    while (code >= clear) {
      if (begin == 0 || code >= kTable) return Outcome::kCorrupt;
      text_[--begin] = table_[code].last;
      code = table_[code].link;
    }
    first = code;
    if (next < kTable) {
      table_[next] = {static_cast<uint16_t>(previous), static_cast<uint8_t>(first)};
      if (next == (1 << bits) - 1 && bits < kMaxBits) ++bits;
      ++next;
    }
    previous = *read;
    pixels[done++] = static_cast<uint8_t>(first);
    const size_t rest = std::min<size_t>(kTable - begin, pixels.size() - done);
    std::copy_n(text_.begin() + begin, rest, pixels.begin() + static_cast<ptrdiff_t>(done));
    done += rest;
  }
  return Outcome::kDone;
}

}  // namespace pomona::image
