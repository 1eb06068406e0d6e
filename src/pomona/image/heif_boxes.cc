#include "pomona/image/heif_boxes.h"

#include <cstddef>
#include <optional>

#include "pomona/image/iso_box.h"

namespace pomona::image {
namespace {

using Bytes = std::span<const uint8_t>;

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
    uint64_t length = TakeNumber(rest, 4);
    if (length == 0) return false;  // to the end of the file
    if (length == 1) {
      if (file.size() < 16) return true;
      rest = rest.subspan(4);
      length = TakeNumber(rest, 8);
    }
    if (length < 8) return false;
    if (length > file.size()) return true;
    file = file.subspan(length);
  }
  return false;
}

HeifProperties HeifPropertiesOf(Bytes file) {
  Bytes meta = FindBox(file, "meta");
  TakeNumber(meta, 4);  // version and flags, which `pitm` has too
  Bytes pitm = FindBox(meta, "pitm");
  const bool long_item = TakeNumber(pitm, 4) >> 24 != 0;
  const uint64_t primary = TakeNumber(pitm, long_item ? 4 : 2);

  HeifProperties found;
  int quarters = 0;  // to the left
  int mirror = -1;   // 0: top and bottom change places, 1: left and right
  ForEachProperty(FindBox(meta, "iprp"), [&](uint64_t item, const IsoBox& property) {
    if (item != primary) return;
    const Bytes content = property.content;
    if (property.type == "irot" && !content.empty()) quarters = content[0] & 3;
    if (property.type == "imir" && !content.empty()) mirror = content[0] & 1;
    if (property.type == "av1C" && content.size() >= 4) found.chroma = ChromaOf(content[2]);
    if (property.type == "colr" && content.size() >= 11 && FourLetters(content) == "nclx") {
      found.nclx = content.data() + 4 - file.data();
    }
  });
  constexpr int kOrientations[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};
  found.orientation = kOrientations[quarters][mirror + 1];
  return found;
}

}  // namespace pomona::image
