#include "pomona/model/protobuf_fields.h"

namespace pomona {

arrow::Result<uint64_t> ProtobufFields::Varint() {
  constexpr size_t kLongest = 10;
  uint64_t value = 0;
  for (size_t i = 0; i < kLongest && i < rest_.size(); ++i) {
    value |= static_cast<uint64_t>(rest_[i] & 0x7F) << (7 * i);
    if ((rest_[i] & 0x80) == 0) {
      rest_ = rest_.subspan(i + 1);
      return value;
    }
  }
  return arrow::Status::Invalid("a number has no end");
}

arrow::Result<std::span<const uint8_t>> ProtobufFields::Take(uint64_t count) {
  if (count > rest_.size()) {
    return arrow::Status::Invalid("a field of ", count, " bytes has ", rest_.size());
  }
  const auto taken = rest_.first(static_cast<size_t>(count));
  rest_ = rest_.subspan(static_cast<size_t>(count));
  return taken;
}

arrow::Result<bool> ProtobufFields::Next(ProtobufField* field) {
  enum Kind : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
  *field = {};
  if (rest_.empty()) return false;
  ARROW_ASSIGN_OR_RAISE(const uint64_t head, Varint());
  if (head >> 3 == 0 || head > UINT32_MAX) {
    return arrow::Status::Invalid("a field has the number ", head >> 3);
  }
  field->number = static_cast<uint32_t>(head >> 3);
  const uint64_t kind = head & 7;
  if (kind == kVarint) {
    ARROW_ASSIGN_OR_RAISE(field->integer, Varint());
  } else if (kind == kBytes) {
    ARROW_ASSIGN_OR_RAISE(const uint64_t size, Varint());
    ARROW_ASSIGN_OR_RAISE(field->bytes, Take(size));
    field->has_bytes = true;
  } else if (kind == kFixed64 || kind == kFixed32) {
    ARROW_RETURN_NOT_OK(Take(kind == kFixed64 ? 8 : 4));
  } else {
    return arrow::Status::Invalid("a field is of kind ", kind);
  }
  return true;
}

}  // namespace pomona
