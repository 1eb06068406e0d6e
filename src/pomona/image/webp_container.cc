#include "pomona/image/webp_container.h"

#include <string>

#include "pomona/image/little_endian.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

constexpr size_t kRiffHeader = 12;  ///< "RIFF", the length of what follows, "WEBP"
constexpr size_t kChunkHeader = 8;  ///< the type, the length

/// Bits of the first byte of VP8X.
constexpr uint8_t kXmp = 0x04;
constexpr uint8_t kExif = 0x08;
constexpr uint8_t kAlpha = 0x10;

std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

arrow::Status Corrupt(std::string_view what) {
  return Rejected(RejectReason::kCorrupt, "WebP cannot be decoded: " + std::string(what));
}

}  // namespace

arrow::Result<WebpContainer> ReadWebpContainer(std::span<const uint8_t> encoded,
                                               ImageBudget& budget) {
  WebpContainer found;
  const uint64_t end = uint64_t{Little32(encoded, 4)} + 8;
  if (end > encoded.size()) {
    return Rejected(RejectReason::kTruncated, "WebP ends before its last chunk");
  }
  std::span<const uint8_t> rest = encoded.first(end).subspan(kRiffHeader);
  const bool has_header = AsText(rest).starts_with("VP8X");
  const uint8_t flags = has_header && rest.size() > kChunkHeader ? rest[kChunkHeader] : 0;
  bool is_first = true;
  std::string_view before;  // the type of the last chunk
  while (!rest.empty()) {
    if (rest.size() < kChunkHeader) return Corrupt("bytes are left behind its last chunk");
    const std::string_view type = AsText(rest.first(4));
    const uint64_t length = Little32(rest, 4);
    const uint64_t padded = kChunkHeader + length + length % 2;
    if (!has_header && !is_first) break;  // of no use
    if (padded > rest.size()) return Corrupt("a chunk is longer than what is left");
    const std::span<const uint8_t> data = rest.subspan(kChunkHeader, length);
    if (type == "ALPH" || type == "VP8 " || type == "VP8L") {
      const bool has_alpha = before == "ALPH" && type != "ALPH";
      if (!found.image.empty() && !has_alpha) return Corrupt("there is a second picture");
      // Alpha that the header does not announce is none.
      const uint8_t* const begin = has_alpha && (flags & kAlpha) ? found.image.data() : rest.data();
      found.image = {begin, rest.data() + padded};
    } else if (type == "ANMF") {
      ++found.frames;
    } else {
      ++found.others;
      if (type == "VP8X" && !is_first) return Corrupt("there is a second header");
      if (type == "EXIF" && (flags & kExif) && found.exif.data() == nullptr) found.exif = data;
      if (type == "XMP " && (flags & kXmp) && found.xmp.data() == nullptr) found.xmp = AsText(data);
    }
    is_first = false;
    before = type;
    rest = rest.subspan(padded);
    ARROW_RETURN_NOT_OK(budget.Spend(1));
  }
  return found;
}

}  // namespace pomona::image
