#include "pomona/image/png_metadata.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <string_view>
#include <vector>

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

std::string Chunk(std::string_view type, std::string_view data) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(data.size() >> shift & 255);
  }
  return out.append(type).append(data).append("crc!");
}

std::string Compressed(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
           text.size());
  return out.substr(0, size);
}

PngMetadata Find(std::string_view chunks) {
  const std::string png = "\x89PNG\r\n\x1a\n" + std::string(chunks);
  return FindPngMetadata({reinterpret_cast<const uint8_t*>(png.data()), png.size()});
}

constexpr std::string_view kXmp = "XML:com.adobe.xmp\0"sv;

TEST(PngMetadataTest, ReadsEachKindOfText) {
  EXPECT_EQ(Find(Chunk("tEXt", std::string(kXmp) + "plain")).xmp, "plain");
  EXPECT_EQ(Find(Chunk("zTXt", std::string(kXmp) + '\0' + Compressed("small"))).xmp, "small");
  EXPECT_EQ(Find(Chunk("iTXt", std::string(kXmp) + std::string("\0\0en\0k\0", 7) + "x")).xmp, "x");
}

TEST(PngMetadataTest, ExifIsTheChunkRatherThanTheDigits) {
  const std::string digits = Chunk("tEXt", "Raw profile type exif\0\nexif\n 2\n4a\n4B\n"sv);
  EXPECT_EQ(Find(digits).exif, "JK");
  EXPECT_EQ(Find(digits + Chunk("eXIf", "chunk")).exif, "chunk");
  EXPECT_EQ(Find(Chunk("tEXt", "Raw profile type exif\0\nexif\n 2\n4a 4x\n"sv)).exif, "");
}

TEST(PngMetadataTest, ATextOverTheLimitCountsAsAbsent) {
  const auto compressed = [](size_t size) {
    return Chunk("zTXt", std::string(kXmp) + '\0' + Compressed(std::string(size, 'x')));
  };
  EXPECT_EQ(Find(compressed(kMaxPngText)).xmp.size(), kMaxPngText);
  EXPECT_EQ(Find(compressed(kMaxPngText + 1)).xmp, "");
}

TEST(PngMetadataTest, AnAnimationEndsWithItsFirstFrame) {
  const std::string first = Chunk("fcTL", "") + Chunk("IDAT", "");
  const std::string exif = Chunk("eXIf", "late");
  EXPECT_EQ(Find(first + exif).exif, "late");
  EXPECT_EQ(Find(Chunk("acTL", "") + first + exif).exif, "late");
  EXPECT_EQ(Find(Chunk("acTL", "") + first + Chunk("fcTL", "") + exif).exif, "");
}

TEST(PngMetadataTest, ACutFileHasWhatCameBefore) {
  const std::string whole = Chunk("eXIf", "exif") + Chunk("tEXt", std::string(kXmp) + "xmp");
  EXPECT_EQ(Find(whole.substr(0, whole.size() - 1)).exif, "exif");
  EXPECT_EQ(Find(whole.substr(0, whole.size() - 1)).xmp, "");
  EXPECT_EQ(Find("").exif, "");
}

}  // namespace
}  // namespace pomona::image
