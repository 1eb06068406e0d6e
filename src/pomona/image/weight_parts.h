#pragma once

#include <array>
#include <cstdint>

namespace pomona::image {

/// A 22-bit weight as high * 2^15 + low, low in [0, 2^15): for 16-bit multiply-add.
struct WordParts {
  int16_t low;
  int16_t high;
};

inline WordParts SplitToWords(int32_t weight) {
  return {static_cast<int16_t>(weight & 0x7fff), static_cast<int16_t>(weight >> 15)};
}

/// Two 16-bit factors in the order in which multiply-add takes them from a 32-bit lane.
inline int32_t PackWords(int16_t first, int16_t second) {
  return static_cast<int32_t>(static_cast<uint16_t>(first) |
                              static_cast<uint32_t>(static_cast<uint16_t>(second)) << 16);
}

/// A weight as bytes[0] + bytes[1] * 2^8 + bytes[2] * 2^16, all signed: for the 8-bit
/// dot product (unsigned pixels times signed weights). Holds for |weight| < 2^23 - 2^15;
/// normalised weights stay below 2^23 by far.
inline std::array<int8_t, 3> SplitToBytes(int32_t weight) {
  const auto low = static_cast<int8_t>(weight);
  const int32_t rest = (weight - low) >> 8;
  const auto middle = static_cast<int8_t>(rest);
  return {low, middle, static_cast<int8_t>((rest - middle) >> 8)};
}

}  // namespace pomona::image
