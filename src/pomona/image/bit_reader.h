#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace pomona::image {

/// Numbers of a header that is written in bits, the highest first. Behind its end are zeros.
class BitReader {
 public:
  /// The bytes must outlive this.
  explicit BitReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  /// Up to 32 bits.
  uint32_t Take(int bits) {
    uint32_t value = 0;
    for (; bits > 0; --bits, ++at_) {
      const bool set = at_ / 8 < bytes_.size() && (bytes_[at_ / 8] >> (7 - at_ % 8) & 1) != 0;
      value = value << 1 | static_cast<uint32_t>(set);
    }
    return value;
  }
  bool TakeFlag() { return Take(1) != 0; }
  void Skip(int bits) { at_ += static_cast<size_t>(bits); }

  /// A number behind as many zeros as it has bits, less one (AV1's uvlc, HEVC's ue): one more than
  /// what it means. All bits set where it would have more than 32.
  uint32_t TakeUniversal() {
    int zeros = 0;
    while (zeros < 32 && !TakeFlag()) ++zeros;
    if (zeros == 32) return ~uint32_t{0};
    return ((uint32_t{1} << zeros) - 1) + Take(zeros);
  }

 private:
  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
};

}  // namespace pomona::image
