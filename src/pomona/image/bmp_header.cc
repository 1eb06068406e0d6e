#include "pomona/image/bmp_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "pomona/image/little_endian.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

/// Of the file's own header, before the bitmap's.
constexpr size_t kFileHeader = 14;
constexpr uint32_t kCoreHeader = 12;

enum Compression : uint32_t { kNone = 0, kRle8Runs = 1, kRle4Runs = 2, kBitFields = 3 };

arrow::Status Unsupported(std::string message) {
  return Rejected(RejectReason::kUnsupportedFormat, std::move(message));
}

arrow::Status EndsInHeader() {
  return Rejected(RejectReason::kTruncated, "BMP ends within its header");
}

struct Masks {
  uint32_t red, green, blue, alpha;
  bool operator==(const Masks&) const = default;
};

/// Which byte of a pixel a mask selects; -1: none.
int ByteOf(uint32_t mask) {
  for (int byte = 0; byte < 4; ++byte) {
    if (mask == 0xffu << (8 * byte)) return byte;
  }
  return -1;
}

arrow::Status SetMasks(const Masks& masks, BmpHeader* header) {
  // Pillow's list. No masks at all are taken as BGRA.
  constexpr std::array kOf32 = {
      Masks{0xff0000, 0xff00, 0xff, 0},          Masks{0xff000000, 0xff0000, 0xff00, 0},
      Masks{0xff000000, 0xff00, 0xff, 0},        Masks{0xff000000, 0xff0000, 0xff00, 0xff},
      Masks{0xff, 0xff00, 0xff0000, 0xff000000}, Masks{0xff0000, 0xff00, 0xff, 0xff000000},
      Masks{0xff000000, 0xff00, 0xff, 0xff0000}, Masks{0, 0, 0, 0},
  };
  const Masks colours{masks.red, masks.green, masks.blue, 0};
  if (header->bits == 32 && std::ranges::count(kOf32, masks) != 0) {
    const bool is_bgra = masks == Masks{};
    header->red = is_bgra ? 2 : ByteOf(masks.red);
    header->green = is_bgra ? 1 : ByteOf(masks.green);
    header->blue = is_bgra ? 0 : ByteOf(masks.blue);
    header->alpha = is_bgra ? 3 : ByteOf(masks.alpha);
    return arrow::Status::OK();
  }
  if (header->bits == 24 && colours == Masks{0xff0000, 0xff00, 0xff, 0}) {
    return arrow::Status::OK();
  }
  if (header->bits == 16 && colours == Masks{0xf800, 0x7e0, 0x1f, 0}) {
    header->pixels = BmpPixels::kRgb565;
    return arrow::Status::OK();
  }
  if (header->bits == 16 && colours == Masks{0x7c00, 0x3e0, 0x1f, 0}) {
    return arrow::Status::OK();
  }
  return Unsupported(fmt::format("BMP has {} bits with masks {:x}, {:x}, {:x}, {:x}", header->bits,
                                 masks.red, masks.green, masks.blue, masks.alpha));
}

void SetPalette(std::span<const uint8_t> stored, size_t entry_bytes, uint32_t colours,
                BmpHeader* header) {
  bool is_ramp = true;
  for (size_t i = 0; i < 256 && (i + 1) * entry_bytes <= stored.size(); ++i) {
    const uint8_t* bgr = &stored[i * entry_bytes];
    header->palette[i] = {bgr[2], bgr[1], bgr[0]};
  }
  for (size_t i = 0; i < colours; ++i) {
    const auto level = static_cast<uint8_t>(colours == 2 && i == 1 ? 255 : i);
    const bool is_there = (i + 1) * entry_bytes <= stored.size();
    is_ramp &= is_there && header->palette[i] == std::array{level, level, level};
  }
  // Pillow leaves out a palette that is grey from black to white. It matters for indices that
  // the palette does not have.
  if (!is_ramp) return;
  if (header->bits == 1) {
    header->palette[1] = {255, 255, 255};
  } else if (colours > 2) {
    for (size_t i = 0; i < 256; ++i) header->palette[i].fill(static_cast<uint8_t>(i));
  }
}

}  // namespace

arrow::Result<BmpHeader> ParseBmpHeader(std::span<const uint8_t> encoded) {
  if (encoded.size() < kFileHeader + 4) return EndsInHeader();
  const uint32_t header_bytes = Little32(encoded, kFileHeader);
  constexpr std::array<uint32_t, 7> kKnown = {kCoreHeader, 40, 52, 56, 64, 108, 124};
  if (std::ranges::count(kKnown, header_bytes) == 0) {
    return Unsupported(fmt::format("BMP has an unknown header of {} bytes", header_bytes));
  }
  if (encoded.size() < kFileHeader + header_bytes) return EndsInHeader();
  const auto info = encoded.subspan(kFileHeader, header_bytes);
  size_t at = kFileHeader + header_bytes;

  BmpHeader header;
  uint32_t compression = kNone;
  uint64_t colours = 0;
  size_t entry_bytes = 4;
  if (header_bytes == kCoreHeader) {
    header.width = Little16(info, 4);
    header.height = Little16(info, 6);
    header.bits = Little16(info, 10);
    entry_bytes = 3;
  } else {
    header.width = Little32(info, 4);
    header.height = Little32(info, 8);
    // A negative height; Pillow looks at the highest byte alone.
    header.top_down = info[11] == 0xff;
    if (header.top_down) header.height = (int64_t{1} << 32) - header.height;
    header.bits = Little16(info, 14);
    compression = Little32(info, 16);
    colours = Little32(info, 32);
  }
  switch (header.bits) {
    case 1:
    case 4:
    case 8:
      header.pixels = BmpPixels::kIndices;
      break;
    case 16:
      header.pixels = BmpPixels::kRgb555;
      break;
    case 24:
    case 32:
      header.pixels = BmpPixels::kBytes;
      break;
    default:
      return Unsupported(fmt::format("BMP has {} bits a pixel", header.bits));
  }
  const bool is_indexed = header.bits <= 8;
  if (is_indexed && colours == 0) colours = uint64_t{1} << header.bits;

  if (compression == kBitFields && !is_indexed) {
    Masks masks{};
    if (header_bytes >= 52) {
      masks = {Little32(info, 40), Little32(info, 44), Little32(info, 48),
               header_bytes >= 56 ? Little32(info, 52) : 0};
    } else {
      if (encoded.size() < at + 12) return EndsInHeader();
      masks = {Little32(encoded, at), Little32(encoded, at + 4), Little32(encoded, at + 8), 0};
      at += 12;
    }
    ARROW_RETURN_NOT_OK(SetMasks(masks, &header));
  } else if (is_indexed && (compression == kRle8Runs || compression == kRle4Runs)) {
    header.pixels = compression == kRle4Runs ? BmpPixels::kRle4 : BmpPixels::kRle8;
  } else if (compression != kNone) {
    return Unsupported(fmt::format("BMP has {} bits in compression {}", header.bits, compression));
  }

  header.offset = Little32(encoded, 10);
  if (is_indexed) {
    if (colours > 256) {
      return Rejected(RejectReason::kCorrupt, fmt::format("BMP has {} colours", colours));
    }
    const size_t wanted = entry_bytes * colours;
    const size_t there = std::min(wanted, encoded.size() - at);
    SetPalette(encoded.subspan(at, there), entry_bytes, static_cast<uint32_t>(colours), &header);
    // Some programs count the palette to the pixels.
    if (header.offset == kFileHeader + header_bytes) header.offset += wanted;
    at += there;
  }
  if (header.offset == 0) header.offset = at;
  return header;
}

}  // namespace pomona::image
