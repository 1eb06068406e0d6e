#include "pomona/image/sniff.h"

#include <gtest/gtest.h>

#include <string_view>

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

Sniffed SniffText(std::string_view text) {
  return Sniff({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

TEST(SniffTest, KnowsTheFormatsItReads) {
  EXPECT_EQ(SniffText("\xff\xd8\xff\xe0").format, ImageFormat::kJpeg);
  EXPECT_EQ(SniffText("\x89PNG\r\n\x1a\n....").format, ImageFormat::kPng);
  EXPECT_EQ(SniffText("RIFF\x10\0\0\0WEBPVP8 "sv).format, ImageFormat::kWebp);
  EXPECT_EQ(SniffText("P5\n").format, ImageFormat::kPnm);
  EXPECT_EQ(SniffText("P6 3 2 255\n").format, ImageFormat::kPnm);
  EXPECT_EQ(SniffText("P7\nWIDTH 3\n").format, ImageFormat::kPnm);
}

TEST(SniffTest, ABeginningOfASignatureIsThatFormat) {
  EXPECT_EQ(SniffText("\xff\xd8").format, ImageFormat::kJpeg);
  EXPECT_EQ(SniffText("\x89PNG\r").format, ImageFormat::kPng);
}

TEST(SniffTest, NamesWhatItDoesNotRead) {
  EXPECT_EQ(SniffText("GIF89a").name, "GIF");
  EXPECT_EQ(SniffText("BM\x36\0\0"sv).name, "BMP");
  EXPECT_EQ(SniffText("II*\0\x08\0\0\0"sv).name, "TIFF");
  EXPECT_EQ(SniffText("\0\0\0\x20"
                      "ftypavif"sv)
                .name,
            "AVIF");
  EXPECT_EQ(SniffText("P3\n1 1 255\n").name, "PNM in text or bits");
  EXPECT_EQ(SniffText("P7 332\n").name, "text");
  EXPECT_EQ(SniffText("P60 is a name").name, "text");
  EXPECT_EQ(SniffText("%PDF-1.7").name, "PDF");
  EXPECT_EQ(SniffText("RIFF\x10\0\0\0WAVEfmt "sv).name, "RIFF (not WebP)");
  EXPECT_EQ(SniffText("<html>\n<body>\xc3\xa4").name, "text");
  EXPECT_EQ(SniffText("\x01\x02\x03").name, "unknown data");
  EXPECT_EQ(SniffText("GIF89a").format, ImageFormat::kOther);
}

}  // namespace
}  // namespace pomona::image
