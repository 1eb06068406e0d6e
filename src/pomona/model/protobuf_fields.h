#pragma once

#include <arrow/result.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pomona {

/// One field of a protobuf message as it lies in memory; nothing is copied.
struct ProtobufField {
  uint32_t number = 0;
  uint64_t integer = 0;  ///< of a varint; 0 for other kinds
  bool has_bytes = false;
  std::span<const uint8_t> bytes;  ///< of a string, bytes or an embedded message

  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// Walks the fields of one protobuf message. Cost: the fields' heads; what they hold is skipped.
class ProtobufFields {
 public:
  explicit ProtobufFields(std::span<const uint8_t> message) : rest_(message) {}

  /// False at the end. Invalid if the bytes are no protobuf message.
  arrow::Result<bool> Next(ProtobufField* field);

 private:
  arrow::Result<uint64_t> Varint();
  arrow::Result<std::span<const uint8_t>> Take(uint64_t count);

  std::span<const uint8_t> rest_;
};

}  // namespace pomona
