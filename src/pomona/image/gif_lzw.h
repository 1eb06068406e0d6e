#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pomona::image {

/// GIF's kind of LZW, judging damage as Pillow's decoder does. Keeps its table between images.
/// Not thread-safe.
class GifLzw {
 public:
  enum class Outcome {
    kDone,     ///< all pixels are there
    kEnds,     ///< the data end, or say that they do, before the last pixel
    kCorrupt,  ///< a code that cannot be
  };

  /// Expands `blocks`, whose smallest code has `code_bits` bits, into `pixels`.
  Outcome Expand(std::span<const uint8_t> blocks, int code_bits, std::span<uint8_t> pixels);

 private:
  static constexpr int kMaxBits = 12;
  static constexpr int kTable = 1 << kMaxBits;

  /// A string is a shorter one and a byte.
  struct Entry {
    uint16_t link;
    uint8_t last;
  };

  std::vector<Entry> table_ = std::vector<Entry>(kTable);
  std::vector<uint8_t> text_ = std::vector<uint8_t>(kTable);
};

}  // namespace pomona::image
