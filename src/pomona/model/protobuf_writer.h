#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace pomona::protobuf {

// Fields of protobuf messages as bytes: a message is its fields, one after another, and a message
// in another one is a field of its bytes. https://protobuf.dev/programming-guides/encoding

inline std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

/// Of any whole number, enumerations among them; a negative one as protobuf's int64.
inline std::string Number(uint32_t field, uint64_t value) {
  return Varint(field << 3) + Varint(value);
}

/// Of a string, of bytes, or of a message.
inline std::string Field(uint32_t field, std::string_view bytes) {
  std::string whole = Varint((field << 3) | 2) + Varint(bytes.size());
  return whole.append(bytes);
}

/// Of a float.
inline std::string Real(uint32_t field, float value) {
  std::string bytes = Varint((field << 3) | 5);
  const auto bits = std::bit_cast<uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift);
  return bytes;
}

}  // namespace pomona::protobuf
