#include "pomona/image/iso_box.h"

namespace pomona::image {

uint64_t TakeNumber(std::span<const uint8_t>& rest, size_t bytes) {
  if (rest.size() < bytes) {
    rest = {};
    return 0;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value = value << 8 | rest[i];
  rest = rest.subspan(bytes);
  return value;
}

std::optional<IsoBox> TakeBox(std::span<const uint8_t>& boxes) {
  if (boxes.size() < 8) return {};
  std::span<const uint8_t> rest = boxes;
  uint64_t length = TakeNumber(rest, 4);
  const std::string_view type = FourLetters(rest);
  rest = rest.subspan(4);
  if (length == 1) length = TakeNumber(rest, 8);
  if (length == 0) length = boxes.size();  // to the end
  const size_t head = boxes.size() - rest.size();
  if (length < head || length > boxes.size()) return {};
  boxes = boxes.subspan(length);
  return IsoBox{type, rest.first(length - head)};
}

std::span<const uint8_t> FindBox(std::span<const uint8_t> boxes, std::string_view type) {
  while (const std::optional<IsoBox> box = TakeBox(boxes)) {
    if (box->type == type) return box->content;
  }
  return {};
}

std::string_view FourLetters(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), 4};
}

}  // namespace pomona::image
