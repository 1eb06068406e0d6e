#include "pomona/image/png_metadata.h"

#include <zlib.h>

#include <array>
#include <optional>
#include <string_view>

#include "pomona/image/png_chunks.h"

namespace pomona::image {
namespace {

std::string_view AsText(std::span<const uint8_t> data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

/// Up to the next NUL, which is removed as well; nullopt where there is none.
std::optional<std::string_view> TakeField(std::string_view& rest) {
  const size_t end = rest.find('\0');
  if (end == rest.npos) return std::nullopt;
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return field;
}

/// A stream that ends early counts as far as it goes, as for Pillow.
std::optional<std::string> Inflate(std::string_view data) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  std::string out;
  std::array<char, 16384> piece;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  int code;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  } while (code == Z_OK && out.size() <= kMaxPngText);
  inflateEnd(&stream);
  const bool sound = code == Z_STREAM_END || code == Z_BUF_ERROR;
  if (!sound || out.size() > kMaxPngText) return std::nullopt;
  return out;
}

/// The text behind its keyword.
std::optional<std::string> TextOf(const PngChunk& chunk) {
  std::string_view rest = AsText(chunk.data);
  if (!TakeField(rest)) return std::nullopt;
  if (chunk.type == "tEXt") return std::string(rest);
  if (chunk.type == "zTXt") {
    if (rest.empty() || rest[0] != 0) return std::nullopt;
    return Inflate(rest.substr(1));
  }
  if (rest.size() < 2) return std::nullopt;
  const bool compressed = rest[0] != 0;
  if (compressed && rest[1] != 0) return std::nullopt;
  rest.remove_prefix(2);
  if (!TakeField(rest) || !TakeField(rest)) return std::nullopt;  // language, keyword in it
  return compressed ? Inflate(rest) : std::string(rest);
}

std::string_view KeywordOf(const PngChunk& chunk) {
  if (chunk.type != "tEXt" && chunk.type != "zTXt" && chunk.type != "iTXt") return {};
  std::string_view rest = AsText(chunk.data);
  return TakeField(rest).value_or(std::string_view());
}

/// ImageMagick's way: an empty line, the name, the length, then digits in lines. Empty where
/// there is anything else.
std::string FromHexadecimal(std::string_view text) {
  for (int line = 0; line < 3; ++line) {
    const size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string out;
  int high = -1;
  for (const char c : text) {
    if (c == '\n' || (high < 0 && (c == ' ' || (c >= '\t' && c <= '\r')))) continue;
    const char lower = static_cast<char>(c | 0x20);
    const int digit = c >= '0' && c <= '9'           ? c - '0'
                      : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                     : -1;
    if (digit < 0) return {};
    if (high < 0) {
      high = digit;
    } else {
      out += static_cast<char>(high << 4 | digit);
      high = -1;
    }
  }
  return high < 0 ? out : std::string();
}

}  // namespace

PngMetadata FindPngMetadata(std::span<const uint8_t> encoded) {
  // Only the last one of each kind is read: others may be many, and large.
  std::optional<PngChunk> exif, raw_exif, xmp;
  bool animated = false, pixels = false;
  PngChunks chunks(encoded);
  while (const auto chunk = chunks.Next()) {
    if (chunk->type == "IEND" || (animated && pixels && chunk->type == "fcTL")) break;
    animated |= chunk->type == "acTL";
    pixels |= chunk->type == "IDAT";
    const std::string_view keyword = KeywordOf(*chunk);
    if (chunk->type == "eXIf" || (chunk->type == "tEXt" && keyword == "exif")) exif = chunk;
    if (keyword == "Raw profile type exif") raw_exif = chunk;
    if (keyword == "XML:com.adobe.xmp") xmp = chunk;
  }

  PngMetadata found;
  if (exif) {
    found.exif = exif->type == "eXIf" ? AsText(exif->data) : TextOf(*exif).value_or("");
  } else if (raw_exif) {
    found.exif = FromHexadecimal(TextOf(*raw_exif).value_or(""));
  }
  if (xmp) found.xmp = TextOf(*xmp).value_or("");
  return found;
}

}  // namespace pomona::image
