#include "pomona/image/heif_boxes.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace pomona::image {
namespace {

using Bytes = std::span<const uint8_t>;

/// Takes numbers, the highest byte first, from the front of what is left; 0 where it is too short.
uint64_t Take(Bytes& rest, size_t bytes) {
  if (rest.size() < bytes) {
    rest = {};
    return 0;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value = value << 8 | rest[i];
  rest = rest.subspan(bytes);
  return value;
}

struct Box {
  std::string_view type;
  Bytes content;
};

std::string_view TypeOf(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), 4}; }

/// Takes a box from the front of what is left; nullopt at the end, and at one that is damaged.
std::optional<Box> TakeBox(Bytes& boxes) {
  if (boxes.size() < 8) return {};
  Bytes rest = boxes;
  uint64_t length = Take(rest, 4);
  const std::string_view type = TypeOf(rest);
  rest = rest.subspan(4);
  if (length == 1) length = Take(rest, 8);
  if (length == 0) length = boxes.size();  // to the end
  const size_t head = boxes.size() - rest.size();
  if (length < head || length > boxes.size()) return {};
  boxes = boxes.subspan(length);
  return Box{type, rest.first(length - head)};
}

/// The content of the first box of that type, empty where there is none.
Bytes Find(Bytes boxes, std::string_view type) {
  while (const std::optional<Box> box = TakeBox(boxes)) {
    if (box->type == type) return box->content;
  }
  return {};
}

/// By the bits of `av1C` behind those for depth: monochrome, and which sides are halved.
std::optional<YuvPicture::Chroma> ChromaOf(uint8_t bits) {
  if ((bits & 0x10) != 0) return YuvPicture::Chroma::kNone;
  switch (bits & 0x0c) {
    case 0x00:
      return YuvPicture::Chroma::k444;
    case 0x08:
      return YuvPicture::Chroma::k422;
    case 0x0c:
      return YuvPicture::Chroma::k420;
    default:
      return {};
  }
}

}  // namespace

bool HeifEndsEarly(Bytes file) {
  while (!file.empty()) {
    if (file.size() < 8) return true;
    Bytes rest = file;
    uint64_t length = Take(rest, 4);
    if (length == 0) return false;  // to the end of the file
    if (length == 1) {
      if (file.size() < 16) return true;
      rest = rest.subspan(4);
      length = Take(rest, 8);
    }
    if (length < 8) return false;
    if (length > file.size()) return true;
    file = file.subspan(length);
  }
  return false;
}

HeifProperties HeifPropertiesOf(Bytes file) {
  Bytes meta = Find(file, "meta");
  Take(meta, 4);  // version and flags, which `pitm` has too
  Bytes pitm = Find(meta, "pitm");
  const bool long_item = Take(pitm, 4) >> 24 != 0;
  const uint64_t primary = Take(pitm, long_item ? 4 : 2);
  const Bytes iprp = Find(meta, "iprp");
  Bytes ipco = Find(iprp, "ipco");
  std::vector<Box> properties;
  constexpr size_t kMost = 0x7fff;  // that `ipma` can name
  while (properties.size() < kMost) {
    const std::optional<Box> box = TakeBox(ipco);
    if (!box) break;
    properties.push_back(*box);
  }

  HeifProperties found;
  int quarters = 0;  // to the left
  int mirror = -1;   // 0: top and bottom change places, 1: left and right
  const auto read = [&](const Box& property) {
    const Bytes content = property.content;
    if (property.type == "irot" && !content.empty()) quarters = content[0] & 3;
    if (property.type == "imir" && !content.empty()) mirror = content[0] & 1;
    if (property.type == "av1C" && content.size() >= 4) found.chroma = ChromaOf(content[2]);
    if (property.type == "colr" && content.size() >= 11 && TypeOf(content) == "nclx") {
      found.nclx = content.data() + 4 - file.data();
    }
  };
  Bytes ipma = Find(iprp, "ipma");
  const uint64_t head = Take(ipma, 4);
  const bool long_id = head >> 24 != 0;
  const bool long_place = (head & 1) != 0;
  for (uint64_t items = Take(ipma, 4); items > 0 && !ipma.empty(); --items) {
    const bool ours = Take(ipma, long_id ? 4 : 2) == primary;
    for (uint64_t count = Take(ipma, 1); count > 0; --count) {
      // From 1; the highest bit says that it must be understood.
      const uint64_t place = long_place ? Take(ipma, 2) & kMost : Take(ipma, 1) & 0x7f;
      if (ours && place > 0 && place <= properties.size()) read(properties[place - 1]);
    }
  }
  constexpr int kOrientations[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};
  found.orientation = kOrientations[quarters][mirror + 1];
  return found;
}

}  // namespace pomona::image
