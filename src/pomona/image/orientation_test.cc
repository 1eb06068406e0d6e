#include "pomona/image/orientation.h"

#include <gtest/gtest.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kSix = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"sv;
constexpr std::string_view kOne = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\1\0\0\0"sv;
constexpr std::string_view kOtherTag = "II*\0\x08\0\0\0\1\0\x0f\1\3\0\1\0\0\0\6\0\0\0"sv;

std::span<const uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::optional<int> Orientation(std::string_view exif) { return ExifOrientation(Bytes(exif)); }

TEST(ExifOrientationTest, ReadsBothByteOrders) {
  EXPECT_EQ(Orientation(kSix), 6);
  EXPECT_EQ(Orientation("MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x08\0\0"sv), 8);
}

TEST(ExifOrientationTest, SkipsOtherTags) {
  EXPECT_EQ(Orientation("II*\0\x08\0\0\0\2\0\x0f\1\3\0\1\0\0\0\3\0\0\0"
                        "\x12\1\3\0\1\0\0\0\5\0\0\0"sv),
            5);
}

TEST(ExifOrientationTest, TakesUpToTwoPrefixesOff) {
  const std::string prefix("Exif\0\0", 6);
  EXPECT_EQ(Orientation(prefix + std::string(kSix)), 6);
  EXPECT_EQ(Orientation(prefix + prefix + std::string(kSix)), 6);
  EXPECT_EQ(Orientation(prefix + prefix + prefix + std::string(kSix)), 1);
}

TEST(ExifOrientationTest, UprightIfOutOfRangeOrNotTiff) {
  EXPECT_EQ(Orientation("II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0"sv), 1);
  EXPECT_EQ(Orientation("XX*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"sv), 1);
  EXPECT_EQ(Orientation("II*\0"sv), 1);
}

TEST(ExifOrientationTest, NothingWithoutTheTag) {
  EXPECT_EQ(Orientation(""), std::nullopt);
  EXPECT_EQ(Orientation("Exif\0\0"sv), std::nullopt);
  EXPECT_EQ(Orientation(kOtherTag), std::nullopt);
  EXPECT_EQ(Orientation("II*\0\x08\0\0\0\xff\xff\x12\1\3\0"sv), std::nullopt);
  EXPECT_EQ(Orientation("II*\0\xff\xff\xff\xff\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"sv), std::nullopt);
}

TEST(OrientationTest, XmpHasTheWordOnlyWhereExifHasNoTag) {
  constexpr std::string_view kXmp = "<a tiff:Orientation=\"8\"/>";
  EXPECT_EQ(OrientationOf(Bytes(kSix), kXmp), 6);
  EXPECT_EQ(OrientationOf(Bytes(kOne), kXmp), 1);
  EXPECT_EQ(OrientationOf(Bytes("nonsense"), kXmp), 1);
  EXPECT_EQ(OrientationOf(Bytes(kOtherTag), kXmp), 8);
  EXPECT_EQ(OrientationOf({}, kXmp), 8);
  EXPECT_EQ(OrientationOf({}, ""), 1);
}

TEST(XmpOrientationTest, ReadsAttributeAndElement) {
  EXPECT_EQ(XmpOrientation("<a tiff:Orientation=\"3\"/>"), 3);
  EXPECT_EQ(XmpOrientation("<tiff:Orientation>7</tiff:Orientation>"), 7);
  EXPECT_EQ(XmpOrientation("tiff:Orientation"), 1);
  EXPECT_EQ(XmpOrientation("tiff:Orientation=\"9\""), 1);
}

}  // namespace
}  // namespace pomona::image
