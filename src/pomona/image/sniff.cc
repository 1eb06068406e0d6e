#include "pomona/image/sniff.h"

#include <algorithm>
#include <array>

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

/// A format that is recognised only to name it in the reject message.
struct Signature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kOthers = {
    Signature{0, "GIF8"sv, "GIF"},
    Signature{0, "BM"sv, "BMP"},
    Signature{0, "II*\0"sv, "TIFF"},
    Signature{0, "MM\0*"sv, "TIFF"},
    Signature{0, "\0\0\1\0"sv, "ICO"},
    Signature{0, "8BPS"sv, "Photoshop"},
    Signature{0, "\xff\x0a"sv, "JPEG XL"},
    Signature{0, "\0\0\0\x0cJXL "sv, "JPEG XL"},
    Signature{0, "\0\0\0\x0cjP  "sv, "JPEG 2000"},
    Signature{0, "\xff\x4f\xff\x51"sv, "JPEG 2000"},
    Signature{4, "ftypavif"sv, "AVIF"},
    Signature{4, "ftypavis"sv, "AVIF"},
    Signature{4, "ftyphei"sv, "HEIC"},
    Signature{4, "ftypmif1"sv, "HEIC"},
    Signature{4, "ftyp"sv, "MP4"},
    Signature{0, "P1\n"sv, "PNM in text or bits"},
    Signature{0, "P2\n"sv, "PNM in text or bits"},
    Signature{0, "P3\n"sv, "PNM in text or bits"},
    Signature{0, "P4\n"sv, "PNM in text or bits"},
    Signature{0, "%PDF"sv, "PDF"},
    Signature{0, "PAR1"sv, "Parquet"},
    Signature{0, "PK\3\4"sv, "ZIP"},
    Signature{0, "\x1f\x8b"sv, "gzip"},
    Signature{0, "RIFF"sv, "RIFF (not WebP)"},
};

bool HasAt(std::string_view data, size_t offset, std::string_view bytes) {
  return data.size() >= offset && data.substr(offset, bytes.size()) == bytes;
}

/// True where `data` starts with `magic`, or ends inside it after at least `enough` bytes.
bool Begins(std::string_view data, std::string_view magic, size_t enough) {
  const size_t n = std::min(data.size(), magic.size());
  return n >= enough && data.substr(0, n) == magic.substr(0, n);
}

/// "P5" or "P6" and a white space, "P7" and a line's end: a beginning is not enough, as many
/// a text begins with a P.
bool IsPnm(std::string_view data) {
  if (data.size() < 3 || data[0] != 'P') return false;
  if (data[1] == '7') return data[2] == '\n';
  return (data[1] == '5' || data[1] == '6') &&
         " \t\n\v\f\r"sv.find(data[2]) != std::string_view::npos;
}

bool LooksLikeText(std::string_view data) {
  return std::all_of(data.begin(), data.end(), [](unsigned char c) {
    return c >= 0x20 ? c != 0x7f : (c == '\t' || c == '\n' || c == '\r');
  });
}

}  // namespace

Sniffed Sniff(std::span<const uint8_t> encoded) {
  const std::string_view data(reinterpret_cast<const char*>(encoded.data()),
                              std::min<size_t>(encoded.size(), 512));
  if (Begins(data, "\xff\xd8\xff"sv, 2)) return {ImageFormat::kJpeg, "JPEG"};
  if (Begins(data, "\x89PNG\r\n\x1a\n"sv, 4)) return {ImageFormat::kPng, "PNG"};
  if (HasAt(data, 0, "RIFF"sv) && HasAt(data, 8, "WEBP"sv)) return {ImageFormat::kWebp, "WebP"};
  if (IsPnm(data)) return {ImageFormat::kPnm, "PNM"};
  for (const Signature& other : kOthers) {
    if (HasAt(data, other.offset, other.bytes)) return {ImageFormat::kOther, other.name};
  }
  if (LooksLikeText(data)) return {ImageFormat::kOther, "text"};
  return {ImageFormat::kOther, "unknown data"};
}

}  // namespace pomona::image
