#include "pomona/image/sniff.h"

#include <gtest/gtest.h>

#include <string>
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
  EXPECT_EQ(SniffText("GIF89a").format, ImageFormat::kGif);
  EXPECT_EQ(SniffText("GIF87a\1\0"sv).format, ImageFormat::kGif);
  EXPECT_EQ(SniffText("BM\x36\0\0"sv).format, ImageFormat::kBmp);
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
    EXPECT_EQ(SniffText(magic).format, ImageFormat::kTiff);
  }
}

TEST(SniffTest, StillPicturesInBoxes) {
  const auto boxes = [](std::string_view brands) {
    return SniffText(std::string("\0\0\0\x18", 4) + "ftyp" + std::string(brands) + "avif").format;
  };
  EXPECT_EQ(boxes("avif\0\0\0\0mif1miaf"sv), ImageFormat::kAvif);
  EXPECT_EQ(boxes("heic\0\0\0\0mif1heic"sv), ImageFormat::kHeic);
  EXPECT_EQ(boxes("heix\0\0\0\0mif1heix"sv), ImageFormat::kHeic);
  EXPECT_EQ(boxes("mif1\0\0\0\0mif1avif"sv), ImageFormat::kAvif);
  EXPECT_EQ(boxes("mif1\0\0\0\0mif1heic"sv), ImageFormat::kHeic);
  EXPECT_EQ(boxes("mif1\0\0\0\0mif1miaf"sv),
            ImageFormat::kHeic);  // what is behind the box is not its
  EXPECT_EQ(boxes("isom\0\0\0\0mif1heic"sv), ImageFormat::kOther);
}

TEST(SniffTest, ABeginningOfASignatureIsThatFormat) {
  EXPECT_EQ(SniffText("\xff\xd8").format, ImageFormat::kJpeg);
  EXPECT_EQ(SniffText("\x89PNG\r").format, ImageFormat::kPng);
}

TEST(SniffTest, NamesWhatItDoesNotRead) {
  EXPECT_EQ(SniffText("P3\n1 1 255\n").name, "PNM in text or bits");
  EXPECT_EQ(SniffText("P7 332\n").name, "text");
  EXPECT_EQ(SniffText("P60 is a name").name, "text");
  EXPECT_EQ(SniffText("%PDF-1.7").name, "PDF");
  EXPECT_EQ(SniffText("RIFF\x10\0\0\0WAVEfmt "sv).name, "RIFF (not WebP)");
  EXPECT_EQ(SniffText("<html>\n<body>\xc3\xa4").name, "text");
  EXPECT_EQ(SniffText("\x01\x02\x03").name, "unknown data");
  EXPECT_EQ(SniffText("BMW is a car").name, "text");
  EXPECT_EQ(SniffText("MP4").format, ImageFormat::kOther);
}

TEST(SniffTest, BoxFilesHaveTheirOwnNamesAndAHint) {
  struct Case {
    std::string_view brand, name, in_hint;
  };
  for (const auto& [brand, name, in_hint] :
       {Case{"qt  ", "MOV (QuickTime)", "frames"},
        Case{"crx ", "CR3 (raw photo of Canon)", "develop"},
        Case{"hevc", "HEIC sequence", "pictures"}, Case{"msf1", "HEIF sequence", "pictures"},
        Case{"isom", "MP4", "frames"}, Case{"mp42", "MP4", "frames"},
        Case{"xyz ", "a box file of an unknown brand", ""}}) {
    const Sniffed sniffed = SniffText("....ftyp" + std::string(brand));
    EXPECT_EQ(sniffed.format, ImageFormat::kOther) << brand;
    EXPECT_EQ(sniffed.name, name);
    EXPECT_NE(sniffed.hint.find(in_hint), std::string_view::npos) << brand;
    EXPECT_EQ(sniffed.hint.empty(), in_hint.empty()) << brand;
  }
}

}  // namespace
}  // namespace pomona::image
