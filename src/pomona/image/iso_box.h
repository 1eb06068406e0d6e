#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pomona::image {

/// A box of an ISO file (HEIF): four letters, and what is in it.
struct IsoBox {
  std::string_view type;
  std::span<const uint8_t> content;
};

/// Takes a number, the highest byte first, from the front of what is left; 0, and nothing is left,
/// where it is too short.
uint64_t TakeNumber(std::span<const uint8_t>& rest, size_t bytes);

/// Takes a box from the front of what is left; nullopt at the end, and at one that is damaged.
std::optional<IsoBox> TakeBox(std::span<const uint8_t>& boxes);

/// The content of the first box of that type, empty where there is none.
std::span<const uint8_t> FindBox(std::span<const uint8_t> boxes, std::string_view type);

/// Calls `look(item, property)` for each property that an item has, in the order of `ipma`, by the
/// content of the box `iprp`.
template <typename Look>
void ForEachProperty(std::span<const uint8_t> iprp, const Look& look) {
  std::span<const uint8_t> ipco = FindBox(iprp, "ipco");
  std::vector<IsoBox> properties;
  constexpr size_t kMost = 0x7fff;  // that `ipma` can name
  while (properties.size() < kMost) {
    const std::optional<IsoBox> box = TakeBox(ipco);
    if (!box) break;
    properties.push_back(*box);
  }
  std::span<const uint8_t> ipma = FindBox(iprp, "ipma");
  const uint64_t head = TakeNumber(ipma, 4);
  const bool long_id = head >> 24 != 0;
  const bool long_place = (head & 1) != 0;
  for (uint64_t items = TakeNumber(ipma, 4); items > 0 && !ipma.empty(); --items) {
    const uint64_t item = TakeNumber(ipma, long_id ? 4 : 2);
    for (uint64_t count = TakeNumber(ipma, 1); count > 0; --count) {
      // From 1; the highest bit says that it must be understood.
      const uint64_t place = long_place ? TakeNumber(ipma, 2) & kMost : TakeNumber(ipma, 1) & 0x7f;
      if (place > 0 && place <= properties.size()) look(item, properties[place - 1]);
    }
  }
}

/// The first four bytes, of which there must be as many.
std::string_view FourLetters(std::span<const uint8_t> bytes);

}  // namespace pomona::image
