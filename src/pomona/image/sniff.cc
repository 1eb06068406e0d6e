#include "pomona/image/sniff.h"

#include <algorithm>
#include <array>
#include <optional>

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

/// A format that is recognised only to name it in the reject message.
struct Signature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
  std::string_view hint = {};
};

constexpr std::string_view kFilm =
    "a film is not one picture: take frames out of it, as with ffmpeg -i FILE FRAME%04d.png";
constexpr std::string_view kRaw =
    "develop the raw photo to TIFF or JPEG, as with darktable-cli FILE FILE.tif";
constexpr std::string_view kSequence =
    "a sequence is not one picture: take its pictures out, as with ffmpeg -i FILE FRAME%04d.png";
constexpr std::string_view kConvert = "convert it, as with magick FILE FILE.png";

// What is built of boxes, as MP4 is, says at 8 what it is. The first that fits counts.
constexpr std::array kOthers = {
    Signature{0, "\0\0\1\0"sv, "ICO", kConvert},
    Signature{0, "8BPS"sv, "Photoshop", kConvert},
    Signature{0, "\xff\x0a"sv, "JPEG XL", kConvert},
    Signature{0, "\0\0\0\x0cJXL "sv, "JPEG XL", kConvert},
    Signature{0, "\0\0\0\x0cjP  "sv, "JPEG 2000", kConvert},
    Signature{0, "\xff\x4f\xff\x51"sv, "JPEG 2000", kConvert},
    Signature{4, "ftyphevc"sv, "HEIC sequence", kSequence},
    Signature{4, "ftyphevx"sv, "HEIC sequence", kSequence},
    Signature{4, "ftyphevm"sv, "HEIC sequence", kSequence},
    Signature{4, "ftyphevs"sv, "HEIC sequence", kSequence},
    Signature{4, "ftypmsf1"sv, "HEIF sequence", kSequence},
    Signature{4, "ftypcrx "sv, "CR3 (raw photo of Canon)", kRaw},
    Signature{4, "ftypqt  "sv, "MOV (QuickTime)", kFilm},
    Signature{4, "moov"sv, "MOV (QuickTime)", kFilm},
    Signature{4, "mdat"sv, "MOV (QuickTime)", kFilm},
    Signature{4, "wide"sv, "MOV (QuickTime)", kFilm},
    Signature{4, "ftypM4A"sv, "M4A (sound)"},
    Signature{4, "ftyp3g"sv, "3GP", kFilm},
    Signature{4, "ftypisom"sv, "MP4", kFilm},
    Signature{4, "ftypiso"sv, "MP4", kFilm},
    Signature{4, "ftypmp4"sv, "MP4", kFilm},
    Signature{4, "ftypavc1"sv, "MP4", kFilm},
    Signature{4, "ftypM4V"sv, "MP4", kFilm},
    Signature{4, "ftypMSNV"sv, "MP4", kFilm},
    Signature{4, "ftypdash"sv, "MP4", kFilm},
    Signature{4, "ftyp"sv, "a box file of an unknown brand"},
    Signature{0, "FUJIFILMCCD-RAW"sv, "RAF (raw photo of Fujifilm)", kRaw},
    Signature{0, "IIU\0"sv, "RW2 (raw photo of Panasonic)", kRaw},
    Signature{0, "IIRO"sv, "ORF (raw photo of Olympus)", kRaw},
    Signature{0, "IIRS"sv, "ORF (raw photo of Olympus)", kRaw},
    Signature{0, "P1\n"sv, "PNM in text or bits", kConvert},
    Signature{0, "P2\n"sv, "PNM in text or bits", kConvert},
    Signature{0, "P3\n"sv, "PNM in text or bits", kConvert},
    Signature{0, "P4\n"sv, "PNM in text or bits", kConvert},
    Signature{0, "%PDF"sv, "PDF"},
    Signature{0, "PAR1"sv, "Parquet"},
    Signature{0, "PK\3\4"sv, "ZIP"},
    Signature{0, "\x1f\x8b"sv, "gzip"},
    Signature{0, "\x1a\x45\xdf\xa3"sv, "WebM or Matroska", kFilm},
    Signature{8, "AVI "sv, "AVI", kFilm},
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

/// Bytes of the first box.
size_t BoxLength(std::string_view data) {
  size_t length = 0;
  for (size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(data[i]);
  return length;
}

/// The brands of a still picture in boxes: its own, or for a plain "mif1" the first of those that
/// it can be read as.
std::optional<Sniffed> SniffHeif(std::string_view data) {
  if (!HasAt(data, 4, "ftyp"sv)) return {};
  for (size_t at = 8; at + 4 <= std::min(data.size(), BoxLength(data)); at += at == 8 ? 8 : 4) {
    const std::string_view brand = data.substr(at, 4);
    if (brand == "avif"sv || brand == "avis"sv) return Sniffed{ImageFormat::kAvif, "AVIF"};
    if (brand == "heic"sv || brand == "heix"sv || brand == "heim"sv || brand == "heis"sv) {
      return Sniffed{ImageFormat::kHeic, "HEIC"};
    }
    if (at == 8 && brand != "mif1"sv) return {};
  }
  return Sniffed{ImageFormat::kHeic, "HEIC"};
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
  if (HasAt(data, 0, "GIF87a"sv) || HasAt(data, 0, "GIF89a"sv)) return {ImageFormat::kGif, "GIF"};
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
    if (HasAt(data, 0, magic)) return {ImageFormat::kTiff, "TIFF"};
  }
  if (const auto heif = SniffHeif(data)) return *heif;
  for (const Signature& other : kOthers) {
    if (HasAt(data, other.offset, other.bytes))
      return {ImageFormat::kOther, other.name, other.hint};
  }
  if (LooksLikeText(data)) return {ImageFormat::kOther, "text"};
  if (HasAt(data, 0, "BM"sv)) return {ImageFormat::kBmp, "BMP"};
  return {ImageFormat::kOther, "unknown data"};
}

}  // namespace pomona::image
