#include "pomona/image/image_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/reject.h"
#include "test_images.h"

namespace pomona {
namespace {

using image::Bytes;
using image::DrawPicture;
using image::EncodeBmp;
using image::EncodeGif;
using image::EncodeJpeg;
using image::EncodePng;
using image::EncodePnm;
using image::EncodeTiff;
using image::EncodeWebp;
using std::string_view_literals::operator""sv;
using testing::HasSubstr;

/// Matches a Status that rejects an image for this reason.
MATCHER_P(IsRejected, reason, "is rejected as " + std::string(RejectCode(reason))) {
  const auto actual = RejectReasonOf(arg);
  *result_listener << arg.ToString();
  return actual.has_value() && *actual == reason;
}

Bytes ToBytes(std::string_view text) { return {text.begin(), text.end()}; }

ImageOptions Size(int width, int height) {
  ImageOptions options;
  options.width = width;
  options.height = height;
  return options;
}

struct Answer {
  arrow::Status status;
  Bytes pixels;
};

Answer Read(ImageReader& reader, const Bytes& encoded, const ImageOptions& options) {
  Answer answer{{}, Bytes(static_cast<size_t>(options.width) * options.height * 3, 0xee)};
  answer.status = reader.Read(encoded, answer.pixels.data());
  return answer;
}

Answer Read(const Bytes& encoded, const ImageOptions& options) {
  ImageReader reader(options);
  return Read(reader, encoded, options);
}

Bytes Cut(Bytes bytes, size_t size) {
  bytes.resize(size);
  return bytes;
}

TEST(ImageReaderTest, LosslessFormatsKeepEveryPixel) {
  const Bytes rgb = DrawPicture(31, 17, 3);
  Bytes rgba;
  for (size_t i = 0; i < rgb.size(); i += 3) {
    rgba.insert(rgba.end(), {rgb[i], rgb[i + 1], rgb[i + 2], 255});
  }
  for (const Bytes& encoded :
       {EncodePng(rgb, 31, 17, 2, 8), EncodePng(rgba, 31, 17, 6, 8), EncodeWebp(rgba, 31, 17),
        EncodePnm("P6\n31 17\n255\n", rgb), EncodeBmp(rgb, 31, 17), EncodeTiff(rgb, 31, 17),
        EncodeTiff(rgba, 31, 17, {.samples = 4, .compression = 8}),
        EncodeTiff(rgb, 31, 17, {.compression = 5, .tile = 16}),
        EncodeTiff(rgb, 31, 17, {.planar = true})}) {
    const Answer answer = Read(encoded, Size(31, 17));
    ASSERT_TRUE(answer.status.ok()) << answer.status;
    EXPECT_EQ(answer.pixels, rgb);
  }
}

TEST(ImageReaderTest, JpegIsCloseToTheOriginal) {
  const Bytes rgb(64 * 48 * 3, 200);
  for (const bool progressive : {false, true}) {
    const Answer answer = Read(EncodeJpeg(rgb, 64, 48, {.progressive = progressive}), Size(20, 30));
    ASSERT_TRUE(answer.status.ok()) << answer.status;
    for (const uint8_t v : answer.pixels) ASSERT_NEAR(v, 200, 2);
  }
}

TEST(ImageReaderTest, GreyJpegHasThreeEqualColours) {
  const Answer answer =
      Read(EncodeJpeg(DrawPicture(40, 40, 1), 40, 40, {.channels = 1}), Size(40, 40));
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  for (size_t i = 0; i < answer.pixels.size(); i += 3) {
    ASSERT_EQ(answer.pixels[i], answer.pixels[i + 1]);
    ASSERT_EQ(answer.pixels[i], answer.pixels[i + 2]);
  }
}

TEST(ImageReaderTest, CmykJpegIsTakenAsInverted) {
  // Stored 255 is no ink: white.
  const Answer white =
      Read(EncodeJpeg(Bytes(16 * 16 * 4, 255), 16, 16, {.channels = 4}), Size(1, 1));
  EXPECT_EQ(white.pixels, (Bytes{255, 255, 255}));
  const Answer black = Read(EncodeJpeg(Bytes(16 * 16 * 4, 0), 16, 16, {.channels = 4}), Size(1, 1));
  EXPECT_EQ(black.pixels, (Bytes{0, 0, 0}));
}

TEST(ImageReaderTest, SixteenBitGreyIsClippedAndColourHalved) {
  const Bytes grey = {0x2c, 0x01};  // 300
  EXPECT_EQ(Read(EncodePng(grey, 1, 1, 0, 16), Size(1, 1)).pixels, (Bytes{255, 255, 255}));
  const Bytes dark = {0x22, 0x00};  // 34
  EXPECT_EQ(Read(EncodePng(dark, 1, 1, 0, 16), Size(1, 1)).pixels, (Bytes{34, 34, 34}));
  const Bytes colour = {0xff, 0x12, 0x00, 0x34, 0x01, 0x56};
  EXPECT_EQ(Read(EncodePng(colour, 1, 1, 2, 16), Size(1, 1)).pixels, (Bytes{0x12, 0x34, 0x56}));
}

TEST(ImageReaderTest, SmallSamplesAndPalettesAreExpanded) {
  EXPECT_EQ(Read(EncodePng({0b01'10'0000}, 2, 1, 0, 2), Size(2, 1)).pixels,
            (Bytes{85, 85, 85, 170, 170, 170}));
  EXPECT_EQ(Read(EncodePng({0b11'01'0000}, 2, 1, 3, 2), Size(2, 1)).pixels,
            (Bytes{3, 252, 21, 1, 254, 7}));
}

TEST(ImageReaderTest, AlphaIsDroppedOrComposited) {
  const Bytes rgba = {200, 100, 50, 0, 200, 100, 50, 128, 200, 100, 50, 255};
  ImageOptions options = Size(3, 1);
  EXPECT_EQ(Read(EncodePng(rgba, 3, 1, 6, 8), options).pixels,
            (Bytes{200, 100, 50, 200, 100, 50, 200, 100, 50}));
  options.background = {10, 20, 30};
  // (200 * 128 + 10 * 127) / 255 = 105.4, ...
  const Bytes composited = {10, 20, 30, 105, 60, 40, 200, 100, 50};
  EXPECT_EQ(Read(EncodePng(rgba, 3, 1, 6, 8), options).pixels, composited);
  EXPECT_EQ(Read(EncodeWebp(rgba, 3, 1), options).pixels.at(3), 105);
}

TEST(ImageReaderTest, RawPixelsComeInAnyOrder) {
  const auto pam = [](std::string_view depth_and_type, const Bytes& samples) {
    return EncodePnm(
        "P7\nWIDTH 2\nHEIGHT 1\nMAXVAL 255\nDEPTH " + std::string(depth_and_type) + "\nENDHDR\n",
        samples);
  };
  const Bytes rgb = {1, 2, 3, 250, 251, 252};
  const ImageOptions options = Size(2, 1);
  EXPECT_EQ(Read(pam("3\nTUPLTYPE RGB", rgb), options).pixels, rgb);
  EXPECT_EQ(Read(pam("3\nTUPLTYPE BGR", {3, 2, 1, 252, 251, 250}), options).pixels, rgb);
  EXPECT_EQ(Read(pam("4\nTUPLTYPE RGB_ALPHA", {1, 2, 3, 0, 250, 251, 252, 9}), options).pixels,
            rgb);
  EXPECT_EQ(Read(pam("4\nTUPLTYPE BGR_ALPHA", {3, 2, 1, 0, 252, 251, 250, 9}), options).pixels,
            rgb);
  EXPECT_EQ(Read(pam("3", rgb), options).pixels, rgb);
  const Bytes grey = {7, 7, 7, 200, 200, 200};
  EXPECT_EQ(Read(pam("1\nTUPLTYPE GRAYSCALE", {7, 200}), options).pixels, grey);
  EXPECT_EQ(Read(pam("2\nTUPLTYPE GRAYSCALE_ALPHA", {7, 0, 200, 9}), options).pixels, grey);
  EXPECT_EQ(Read(EncodePnm("P5 2 1 255 ", {7, 200}), options).pixels, grey);
}

TEST(ImageReaderTest, RawAlphaIsComposited) {
  ImageOptions options = Size(1, 1);
  options.background = {10, 20, 30};
  const std::string_view head =
      "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE BGR_ALPHA\nENDHDR\n";
  EXPECT_EQ(Read(EncodePnm(head, {50, 100, 200, 128}), options).pixels, (Bytes{105, 60, 40}));
}

TEST(ImageReaderTest, SamplesOfAnotherMaxvalAreScaled) {
  // round(v / 4 * 255), half to even; more than white is white.
  EXPECT_EQ(
      Read(EncodePnm("P5\n6 1 4\n", {0, 1, 2, 3, 4, 5}), Size(6, 1)).pixels,
      (Bytes{0, 0, 0, 64, 64, 64, 128, 128, 128, 191, 191, 191, 255, 255, 255, 255, 255, 255}));
}

TEST(ImageReaderTest, OnePixelIsValid) {
  const Answer answer = Read(EncodePng({9, 8, 7}, 1, 1, 2, 8), Size(5, 4));
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  for (size_t i = 0; i < answer.pixels.size(); i += 3) {
    ASSERT_EQ(Bytes(answer.pixels.begin() + i, answer.pixels.begin() + i + 3), (Bytes{9, 8, 7}));
  }
}

TEST(ImageReaderTest, EmptyFile) {
  EXPECT_THAT(Read({}, Size(8, 8)).status, IsRejected(RejectReason::kEmptyFile));
}

TEST(ImageReaderTest, OtherFormatsAreNamed) {
  const Answer text = Read(ToBytes("hello, this is no image"), Size(8, 8));
  EXPECT_THAT(text.status, IsRejected(RejectReason::kUnsupportedFormat));
  EXPECT_THAT(text.status.message(), HasSubstr("text"));
  const Answer film = Read(ToBytes("\0\0\0\x14"
                                   "ftypqt  "sv),
                           Size(8, 8));
  EXPECT_THAT(film.status, IsRejected(RejectReason::kUnsupportedFormat));
  EXPECT_THAT(film.status.message(), HasSubstr("MOV (QuickTime)\nhint: a film is not one picture"));
}

TEST(ImageReaderTest, EveryCutIsTruncatedUnlessAllRowsAreThere) {
  const Bytes rgb = DrawPicture(40, 40, 3);
  Bytes rgba = DrawPicture(40, 40, 4);
  for (const Bytes& whole :
       {EncodeJpeg(rgb, 40, 40), EncodeJpeg(rgb, 40, 40, {.progressive = true}),
        EncodePng(rgb, 40, 40, 2, 8), EncodeWebp(rgba, 40, 40), EncodePnm("P6\n40 40\n255\n", rgb),
        EncodeBmp(rgb, 40, 40), EncodeGif(DrawPicture(40, 40, 1), 40, 40), EncodeTiff(rgb, 40, 40),
        EncodeTiff(rgb, 40, 40, {.compression = 5}), EncodeTiff(rgb, 40, 40, {.compression = 8}),
        EncodeTiff(rgb, 40, 40, {.tile = 16})}) {
    ImageReader reader(Size(16, 16));
    const Answer full = Read(reader, whole, Size(16, 16));
    ASSERT_TRUE(full.status.ok()) << full.status;
    int truncated = 0;
    for (size_t size = 12; size < whole.size(); ++size) {
      const Answer answer = Read(reader, Cut(whole, size), Size(16, 16));
      if (answer.status.ok()) {
        // Only what follows the pixels may be missing.
        ASSERT_GE(size, whole.size() - 20);
        ASSERT_EQ(answer.pixels, full.pixels);
        continue;
      }
      ASSERT_THAT(answer.status, IsRejected(RejectReason::kTruncated)) << "cut at " << size;
      ++truncated;
    }
    EXPECT_GE(truncated, static_cast<int>(whole.size()) - 40);
  }
}

TEST(ImageReaderTest, DamageThatTheDecoderNoticesIsCorrupt) {
  const Bytes rgb = DrawPicture(64, 64, 3);
  Bytes jpeg = EncodeJpeg(rgb, 64, 64);
  // The table number in the first Huffman table's header.
  const std::string_view marker = "\xff\xc4"sv;
  const auto table = std::search(jpeg.begin(), jpeg.end(), marker.begin(), marker.end(),
                                 [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); });
  ASSERT_NE(table, jpeg.end());
  table[4] = 0x0f;
  EXPECT_THAT(Read(jpeg, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));

  Bytes png = EncodePng(rgb, 64, 64, 2, 8);
  png[png.size() / 2] ^= 0x10;
  EXPECT_THAT(Read(png, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));

  Bytes webp = EncodeWebp(DrawPicture(64, 64, 4), 64, 64);
  webp[20] = 0;  // the lossless signature
  EXPECT_THAT(Read(webp, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));

  Bytes gif = EncodeGif(DrawPicture(64, 64, 1), 64, 64);
  gif[gif.size() / 2] ^= 0xff;
  gif[gif.size() / 2 + 1] = 0xff;
  EXPECT_THAT(Read(gif, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));

  Bytes tiff = EncodeTiff(rgb, 64, 64, {.compression = 8});
  tiff[20] ^= 0xff;
  EXPECT_THAT(Read(tiff, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));
}

TEST(ImageReaderTest, PixelLimitIsCheckedOnTheHeader) {
  const Bytes bomb = image::PngHeaderOnly(20'000, 20'000);
  const Answer answer = Read(bomb, Size(8, 8));
  EXPECT_THAT(answer.status, IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(answer.status.message(), HasSubstr("400000000"));

  ImageOptions options = Size(8, 8);
  options.max_pixels = 100;
  const Bytes rgb = DrawPicture(10, 10, 3);
  EXPECT_TRUE(Read(EncodeJpeg(rgb, 10, 10), options).status.ok());
  options.max_pixels = 99;
  EXPECT_THAT(Read(EncodeJpeg(rgb, 10, 10), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodePng(rgb, 10, 10, 2, 8), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodeWebp(DrawPicture(10, 10, 4), 10, 10), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodePnm("P6 10 10 255\n", {}), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodeBmp(rgb, 10, 10), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodeGif(DrawPicture(10, 10, 1), 10, 10), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodeTiff(rgb, 10, 10), options).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(EncodePnm("P5 9999999999 9999999999 255\n", {}), options).status,
              IsRejected(RejectReason::kTooManyPixels));
}

TEST(ImageReaderTest, VeryLongSidesAreRefusedWhateverTheLimit) {
  const Answer answer = Read(image::PngHeaderOnly(2'000'000, 1), Size(8, 8));
  EXPECT_THAT(answer.status, IsRejected(RejectReason::kTooManyPixels));
}

TEST(ImageReaderTest, WidestJpegIsRead) {
  const Bytes rgb(65'500 * 3, 77);
  const Answer answer = Read(EncodeJpeg(rgb, 65'500, 1), Size(16, 16));
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  EXPECT_NEAR(answer.pixels[0], 77, 2);
}

/// `jpeg` with its size changed in the header.
Bytes WithJpegWidth(Bytes jpeg, int width) {
  for (size_t i = 2; i + 9 < jpeg.size(); i += 2 + jpeg[i + 2] * 256 + jpeg[i + 3]) {
    if (jpeg[i + 1] == 0xc0) {
      jpeg[i + 7] = static_cast<uint8_t>(width >> 8);
      jpeg[i + 8] = static_cast<uint8_t>(width & 255);
      break;
    }
  }
  return jpeg;
}

TEST(ImageReaderTest, WiderJpegIsRefused) {
  const Bytes jpeg = EncodeJpeg(DrawPicture(8, 8, 3), 8, 8);
  EXPECT_THAT(Read(WithJpegWidth(jpeg, 65'501), Size(8, 8)).status,
              IsRejected(RejectReason::kTooManyPixels));
  EXPECT_THAT(Read(WithJpegWidth(jpeg, 0), Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));
}

TEST(ImageReaderTest, ScanBombIsRefused) {
  Bytes jpeg = EncodeJpeg(DrawPicture(16, 16, 1), 16, 16, {.channels = 1, .progressive = true});
  // The last scan, from its marker to the end marker, again and again.
  size_t scan = 0;
  for (size_t i = 0; i + 1 < jpeg.size(); ++i) {
    if (jpeg[i] == 0xff && jpeg[i + 1] == 0xda) scan = i;
  }
  const Bytes last(jpeg.begin() + static_cast<ptrdiff_t>(scan), jpeg.end() - 2);
  Bytes bomb(jpeg.begin(), jpeg.end() - 2);
  for (int i = 0; i < 1000; ++i) bomb.insert(bomb.end(), last.begin(), last.end());
  bomb.insert(bomb.end(), {0xff, 0xd9});
  const Answer answer = Read(bomb, Size(8, 8));
  EXPECT_THAT(answer.status, IsRejected(RejectReason::kCorrupt));
  EXPECT_THAT(answer.status.message(), HasSubstr("scans"));
}

TEST(ImageReaderTest, JpegWithoutTablesDoesNotUseThoseOfTheLastFile) {
  const Bytes jpeg = EncodeJpeg(DrawPicture(32, 32, 3), 32, 32);
  // Without its quantisation tables.
  Bytes bare(jpeg.begin(), jpeg.begin() + 2);
  for (size_t i = 2; i + 3 < jpeg.size();) {
    const size_t length = 2 + jpeg[i + 2] * 256u + jpeg[i + 3];
    if (jpeg[i + 1] == 0xda) {
      bare.insert(bare.end(), jpeg.begin() + static_cast<ptrdiff_t>(i), jpeg.end());
      break;
    }
    if (jpeg[i + 1] != 0xdb) {
      bare.insert(bare.end(), jpeg.begin() + static_cast<ptrdiff_t>(i),
                  jpeg.begin() + static_cast<ptrdiff_t>(i + length));
    }
    i += length;
  }
  ImageReader reader(Size(8, 8));
  ASSERT_TRUE(Read(reader, jpeg, Size(8, 8)).status.ok());
  EXPECT_THAT(Read(reader, bare, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));
  EXPECT_TRUE(Read(reader, jpeg, Size(8, 8)).status.ok());
}

TEST(ImageReaderTest, GoesOnAfterEveryKindOfReject) {
  const Bytes rgb = DrawPicture(50, 40, 3);
  const Bytes good = EncodeJpeg(rgb, 50, 40);
  ImageReader reader(Size(24, 24));
  const Bytes expected = Read(reader, good, Size(24, 24)).pixels;
  for (const Bytes& bad : {Bytes{}, ToBytes("text"), Cut(good, good.size() / 2), Cut(good, 30),
                           WithJpegWidth(good, 65'501), Cut(EncodePng(rgb, 50, 40, 2, 8), 300),
                           Cut(EncodeWebp(DrawPicture(50, 40, 4), 50, 40), 100),
                           Cut(EncodeGif(DrawPicture(50, 40, 1), 50, 40), 1000),
                           Cut(EncodeTiff(rgb, 50, 40, {.compression = 5}), 500)}) {
    EXPECT_FALSE(Read(reader, bad, Size(24, 24)).status.ok());
    const Answer answer = Read(reader, good, Size(24, 24));
    ASSERT_TRUE(answer.status.ok()) << answer.status;
    EXPECT_EQ(answer.pixels, expected);
  }
}

TEST(ImageReaderTest, DctScalingReadsLargeImagesSmaller) {
  const Bytes rgb = DrawPicture(640, 640, 3);
  const Bytes jpeg = EncodeJpeg(rgb, 640, 640, {.subsampled = false, .quality = 100});
  ImageOptions options = Size(80, 80);
  const Bytes exact = Read(jpeg, options).pixels;
  options.dct_scaling = true;
  const Answer scaled = Read(jpeg, options);
  ASSERT_TRUE(scaled.status.ok()) << scaled.status;
  EXPECT_NE(scaled.pixels, exact);
  // Another way to the same picture.
  double difference = 0;
  for (size_t i = 0; i < exact.size(); ++i) difference += std::abs(scaled.pixels[i] - exact[i]);
  EXPECT_LT(difference / static_cast<double>(exact.size()), 20);
  // Nothing to scale where the image is less than twice as large.
  ImageOptions large = Size(400, 400);
  const Bytes plain = Read(jpeg, large).pixels;
  large.dct_scaling = true;
  EXPECT_EQ(Read(jpeg, large).pixels, plain);
}

TEST(ImageReaderTest, ExifRotationTurnsTheImage) {
  const Bytes jpeg = EncodeJpeg(DrawPicture(40, 20, 3), 40, 20);
  const std::string_view exif =
      "\xff\xe1\0\x22"
      "Exif\0\0"
      "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"sv;
  ASSERT_EQ(exif.size(), 0x22 + 2u);
  Bytes tagged = jpeg;
  tagged.insert(tagged.begin() + 2, exif.begin(), exif.end());

  const Bytes lying = Read(jpeg, Size(40, 20)).pixels;
  EXPECT_EQ(Read(tagged, Size(40, 20)).pixels, lying);  // off by default
  ImageOptions options = Size(20, 40);
  options.exif_rotate = true;
  const Bytes upright = Read(tagged, options).pixels;
  // A quarter turn clockwise: the top left pixel comes from the bottom left.
  EXPECT_TRUE(std::equal(upright.begin(), upright.begin() + 3, lying.end() - 40 * 3));
  EXPECT_TRUE(std::equal(upright.begin() + 19 * 3, upright.begin() + 20 * 3, lying.begin()));
}

TEST(ImageReaderTest, AFittedImageKeepsItsProportionsAndIsNeverEnlarged) {
  ImageReader reader(Size(48, 48));
  Bytes pixels(size_t{48} * 48 * 3);
  const auto fitted = [&](int width, int height) {
    const Bytes jpeg = EncodeJpeg(DrawPicture(width, height, 3), width, height);
    const auto size = reader.ReadFitted(jpeg, pixels.data());
    EXPECT_TRUE(size.ok()) << size.status();
    const Bytes expected = Read(jpeg, Size(size->width, size->height)).pixels;
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), pixels.begin()));
    return std::pair(size->width, size->height);
  };
  EXPECT_EQ(fitted(96, 48), std::pair(48, 24));
  EXPECT_EQ(fitted(48, 96), std::pair(24, 48));
  EXPECT_EQ(fitted(20, 30), std::pair(20, 30));
  EXPECT_EQ(fitted(500, 2), std::pair(48, 1));
  // What was not fitted fills the size again.
  const Bytes jpeg = EncodeJpeg(DrawPicture(96, 48, 3), 96, 48);
  ASSERT_TRUE(reader.Read(jpeg, pixels.data()).ok());
  EXPECT_EQ(pixels, Read(jpeg, Size(48, 48)).pixels);
}

TEST(ImageReaderTest, AWebpIsThePictureWhereverItLiesInItsFile) {
  const Bytes rgba = DrawPicture(31, 17, 4);
  const Bytes webp = EncodeWebp(rgba, 31, 17);
  const Bytes lying = Read(webp, Size(31, 17)).pixels;
  ImageOptions upright = Size(17, 31);
  upright.exif_rotate = true;
  for (const bool animated : {false, true}) {
    const Bytes extended = image::WebpBehindChunks(webp, 31, 17, 1'000, 6, animated);
    EXPECT_EQ(Read(extended, Size(31, 17)).pixels, lying);
    const Answer turned = Read(extended, upright);
    ASSERT_TRUE(turned.status.ok()) << turned.status;
    // The top left pixel comes from the bottom left.
    EXPECT_TRUE(std::equal(turned.pixels.begin(), turned.pixels.begin() + 3,
                           lying.end() - ptrdiff_t{31} * 3));
  }
}

TEST(ImageReaderTest, DamageOfAWebpsContainerIsFoundWhateverTheSizeAndTheOptions) {
  for (const int side : {20, 600}) {  // at once, and in steps
    const Bytes webp = EncodeWebp(DrawPicture(side, side, 4), side, side);
    const Bytes whole = image::WebpBehindChunks(webp, side, side, 1, 1);
    const auto with = [&whole](std::string_view behind) {
      Bytes file = whole;
      file.insert(file.end(), behind.begin(), behind.end());
      for (int i = 0; i < 4; ++i) file[4 + i] = static_cast<uint8_t>((file.size() - 8) >> (8 * i));
      return file;
    };
    for (const bool exif_rotate : {false, true}) {
      ImageOptions options = Size(8, 8);
      options.exif_rotate = exif_rotate;
      EXPECT_TRUE(Read(with("none\2\0\0\0ab"sv), options).status.ok());
      EXPECT_THAT(Read(Cut(whole, whole.size() - 6), options).status,
                  IsRejected(RejectReason::kTruncated));
      for (const auto behind : {"none"sv, "none\x64\0\0\0ab"sv, "VP8L\0\0\0\0"sv,
                                "VP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0"sv}) {
        EXPECT_THAT(Read(with(behind), options).status, IsRejected(RejectReason::kCorrupt));
      }
    }
  }
}

TEST(ImageReaderTest, SizesInOtherHeadersAreCheckedBeforeMemoryIsTaken) {
  const auto at = [](Bytes file, size_t place, std::initializer_list<uint8_t> bytes) {
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<ptrdiff_t>(place));
    return file;
  };
  const Bytes bmp = EncodeBmp(DrawPicture(8, 8, 3), 8, 8);
  const Bytes gif = EncodeGif(DrawPicture(8, 8, 1), 8, 8);
  for (const Bytes& large :
       {at(bmp, 18, {0xff, 0xff, 0xff, 0xff}), at(bmp, 18, {0, 0, 1, 0, 0, 0, 1}),
        at(bmp, 22, {1, 0, 0, 0x80}), at(gif, 6, {0xff, 0xff, 0xff, 0xff})}) {
    EXPECT_THAT(Read(large, Size(8, 8)).status, IsRejected(RejectReason::kTooManyPixels));
  }
  for (const Bytes& none : {at(bmp, 18, {0, 0, 0, 0}), at(bmp, 22, {0, 0, 0, 0})}) {
    EXPECT_THAT(Read(none, Size(8, 8)).status, IsRejected(RejectReason::kCorrupt));
  }
}

TEST(ImageReaderTest, FurtherKindsOfAFormatAreNamed) {
  Bytes bmp = EncodeBmp(DrawPicture(8, 8, 3), 8, 8);
  bmp[30] = 4;
  const Answer inner = Read(bmp, Size(8, 8));
  EXPECT_THAT(inner.status, IsRejected(RejectReason::kUnsupportedFormat));
  EXPECT_THAT(inner.status.message(), HasSubstr("BMP has 24 bits in compression 4"));
  Bytes tiff = EncodeTiff(DrawPicture(8, 8, 3), 8, 8);
  // The compression's entry in the directory, which libtiff writes in the machine's order.
  const std::string_view entry = "\x03\x01\x03\0\1\0\0\0\1\0"sv;
  const auto found = std::search(tiff.begin(), tiff.end(), entry.begin(), entry.end());
  ASSERT_NE(found, tiff.end());
  found[8] = 0x98;
  found[9] = 0x87;
  const Answer jp2 = Read(tiff, Size(8, 8));
  EXPECT_THAT(jp2.status, IsRejected(RejectReason::kUnsupportedFormat));
  EXPECT_THAT(jp2.status.message(), HasSubstr("34712"));
}

TEST(ImageReaderTest, CountsTheTimeOfBothStages) {
  ImageReader reader(Size(64, 64));
  EXPECT_EQ(reader.decode_ns(), 0);
  EXPECT_EQ(reader.resize_ns(), 0);
  ASSERT_TRUE(
      Read(reader, EncodeJpeg(DrawPicture(100, 100, 3), 100, 100), Size(64, 64)).status.ok());
  EXPECT_GT(reader.decode_ns(), 0);
  EXPECT_GT(reader.resize_ns(), 0);
}

}  // namespace
}  // namespace pomona
