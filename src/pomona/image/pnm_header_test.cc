#include "pomona/image/pnm_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "pomona/reject.h"

namespace pomona::image {
namespace {

using std::string_view_literals::operator""sv;

arrow::Result<PnmHeader> Parse(std::string_view text) {
  return ParsePnmHeader({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

void ExpectRejected(std::string_view text, RejectReason reason) {
  const auto status = Parse(text).status();
  EXPECT_EQ(RejectReasonOf(status), reason) << text << ": " << status;
}

TEST(PnmHeaderTest, ReadsNumbersAndWhereTheRowsBegin) {
  const PnmHeader header = Parse("P6\n31 17\n255\nabc").ValueOrDie();
  EXPECT_EQ(header.width, 31);
  EXPECT_EQ(header.height, 17);
  EXPECT_EQ(header.maxval, 255);
  EXPECT_EQ(header.pixel, PnmPixel::kRgb);
  EXPECT_EQ(header.size, 13u);
  EXPECT_EQ(Parse("P5 1 1 7 x").ValueOrDie().pixel, PnmPixel::kGrey);
}

TEST(PnmHeaderTest, OneWhiteSpaceEndsTheHeader) {
  // The first sample may well look like one.
  EXPECT_EQ(Parse("P5\n1\t1\r255\n\n").ValueOrDie().size, 11u);
}

TEST(PnmHeaderTest, CommentsEndWithTheLineButEndNoNumber) {
  const PnmHeader header = Parse("P5\n# a comment\n12#3\n4 5\n#\r6\n").ValueOrDie();
  EXPECT_EQ(header.width, 124);
  EXPECT_EQ(header.height, 5);
  EXPECT_EQ(header.maxval, 6);
}

TEST(PnmHeaderTest, PamHasNamedLines) {
  const std::string_view text =
      "P7\n# drawn\n\nWIDTH 3\nHEIGHT  2 \nDEPTH 4\nMAXVAL 100\nTUPLTYPE BGR_ALPHA\nENDHDR\n"sv;
  const PnmHeader header = Parse(text).ValueOrDie();
  EXPECT_EQ(header.width, 3);
  EXPECT_EQ(header.height, 2);
  EXPECT_EQ(header.maxval, 100);
  EXPECT_EQ(header.pixel, PnmPixel::kBgra);
  EXPECT_EQ(header.size, text.size());
}

TEST(PnmHeaderTest, EveryCutIsTruncated) {
  for (const std::string_view whole :
       {"P6\n31 17\n2"sv, "P7\nWIDTH 3\nHEIGHT 2\nDEPTH 1\nMAXVAL 255\nENDHDR\n"sv}) {
    ASSERT_TRUE(Parse(whole).ok());
    for (size_t size = 2; size < whole.size(); ++size) {
      ExpectRejected(whole.substr(0, size), RejectReason::kTruncated);
    }
  }
}

TEST(PnmHeaderTest, NonsenseIsCorrupt) {
  for (const std::string_view text :
       {"P6\n0 17\n255\n"sv, "P6\n-3 17\n255\n"sv, "P6\nx 17\n255\n"sv, "P6\n3.5 17\n255\n"sv,
        "P6\n12345678901 17\n255\n"sv, "P6\n3 17\n65536\n"sv, "P5 is the beginning of a text"sv,
        "P7\nENDHDR\n"sv, "P7\nWIDTH 3\nHEIGHT 2\nDEPTH 1\nENDHDR\n"sv, "P7\nWIDTH\nENDHDR\n"sv,
        "P7\nCOLOUR 3\nENDHDR\n"sv}) {
    ExpectRejected(text, RejectReason::kCorrupt);
  }
}

TEST(PnmHeaderTest, WhatIsNotReadIsUnsupported) {
  ExpectRejected("P5 1 1 256\n", RejectReason::kUnsupportedFormat);
  for (const char* lines : {"DEPTH 3\nTUPLTYPE RGB_ALPHA", "DEPTH 1\nTUPLTYPE BLACKANDWHITE",
                            "DEPTH 5", "DEPTH 3\nTUPLTYPE XYZ"}) {
    ExpectRejected("P7\nWIDTH 1\nHEIGHT 1\nMAXVAL 255\n" + std::string(lines) + "\nENDHDR\n",
                   RejectReason::kUnsupportedFormat);
  }
}

}  // namespace
}  // namespace pomona::image
