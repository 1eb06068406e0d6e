#include "pomona/image/orientation.h"

#include <array>
#include <bit>
#include <cstddef>

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

constexpr uint16_t kOrientationTag = 0x0112;

/// TIFF's types of a value, as Pillow knows them.
enum Type : uint16_t {
  kShort = 3,
  kLong = 4,
  kRational = 5,
  kSignedByte = 6,
  kSignedShort = 8,
  kSignedLong = 9,
  kSignedRational = 10,
  kFloat = 11,
  kDouble = 12,
  kDirectory = 13,
  kLong8 = 16,
};

/// Bytes of one value of each type, by its number; 0: no such type.
constexpr std::array<uint8_t, 17> kTypeBytes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

/// Little- or big-endian numbers of a TIFF structure.
class TiffBytes {
 public:
  TiffBytes(std::span<const uint8_t> data, bool little) : data_(data), little_(little) {}

  bool Has(uint64_t at, uint64_t bytes) const {
    return at <= data_.size() && bytes <= data_.size() - at;
  }

  /// What Has() says is there.
  uint64_t Number(size_t at, size_t bytes) const {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i) {
      value = value << 8 | data_[at + (little_ ? bytes - 1 - i : i)];
    }
    return value;
  }

  /// The first value of a tag as Python compares it with 1 to 8. 0: not a number.
  double Value(uint64_t type, size_t at) const {
    switch (type) {
      case kShort:
        return static_cast<double>(Number(at, 2));
      case kLong:
      case kDirectory:
        return static_cast<double>(Number(at, 4));
      case kLong8:
        return static_cast<double>(Number(at, 8));
      case kSignedByte:
        return static_cast<int8_t>(Number(at, 1));
      case kSignedShort:
        return static_cast<int16_t>(Number(at, 2));
      case kSignedLong:
        return static_cast<int32_t>(Number(at, 4));
      case kRational:
        return static_cast<double>(Number(at, 4)) / static_cast<double>(Number(at + 4, 4));
      case kSignedRational:
        return static_cast<double>(static_cast<int32_t>(Number(at, 4))) /
               static_cast<int32_t>(Number(at + 4, 4));
      case kFloat:
        return std::bit_cast<float>(static_cast<uint32_t>(Number(at, 4)));
      case kDouble:
        return std::bit_cast<double>(Number(at, 8));
      default:
        return 0;
    }
  }

 private:
  std::span<const uint8_t> data_;
  bool little_;
};

int InRange(double value) {
  for (int orientation = 2; orientation <= 8; ++orientation) {
    if (value == orientation) return orientation;
  }
  return 1;
}

}  // namespace

std::optional<int> ExifOrientation(std::span<const uint8_t> exif) {
  constexpr std::string_view kPrefix = "Exif\0\0"sv;
  std::string_view text(reinterpret_cast<const char*>(exif.data()), exif.size());
  for (int i = 0; i < 2 && text.starts_with(kPrefix); ++i) text.remove_prefix(kPrefix.size());
  if (text.empty()) return std::nullopt;
  const bool little = text.starts_with("II*\0"sv) || text.starts_with("II\0*"sv);
  const bool big = text.starts_with("MM\0*"sv) || text.starts_with("MM*\0"sv);
  if ((!little && !big) || text.size() < 8) return 1;

  const TiffBytes bytes(exif.last(text.size()), little);
  const size_t directory = bytes.Number(4, 4);
  if (!bytes.Has(directory, 2)) return std::nullopt;
  const size_t entries = bytes.Number(directory, 2);
  uint64_t outside = 0;  // of all values that do not fit into their entry
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * 12;
    if (!bytes.Has(entry, 12)) return std::nullopt;
    const uint64_t type = bytes.Number(entry + 2, 2);
    const uint64_t count = bytes.Number(entry + 4, 4);
    if (type >= kTypeBytes.size() || kTypeBytes[type] == 0 || count == 0) continue;
    size_t at = entry + 8;
    if (const uint64_t size = count * kTypeBytes[type]; size > 4) {
      // Pillow leaves out values that are, together, more than all bytes, and ends where
      // one of the others is not there.
      outside += size;
      if (outside > text.size()) continue;
      at = bytes.Number(at, 4);
      if (!bytes.Has(at, size)) return std::nullopt;
    }
    if (bytes.Number(entry, 2) == kOrientationTag) return InRange(bytes.Value(type, at));
  }
  return std::nullopt;
}

int XmpOrientation(std::string_view xmp) {
  constexpr std::string_view kName = "tiff:Orientation";
  for (size_t at = xmp.find(kName); at != xmp.npos; at = xmp.find(kName, at + 1)) {
    std::string_view rest = xmp.substr(at + kName.size());
    if (rest.starts_with("=\"")) {
      rest.remove_prefix(2);
    } else if (rest.starts_with(">")) {
      rest.remove_prefix(1);
    } else {
      continue;
    }
    if (rest.empty() || rest[0] < '0' || rest[0] > '9') continue;
    return InRange(rest[0] - '0');
  }
  return 1;
}

int OrientationOf(std::span<const uint8_t> exif, std::string_view xmp) {
  return ExifOrientation(exif).value_or(XmpOrientation(xmp));
}

}  // namespace pomona::image
