#include "pomona/image/yuv_rows.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <tuple>
#include <utility>
#include <vector>

namespace pomona::image {
namespace {

using Chroma = YuvPicture::Chroma;

/// Numbers that look drawn by lot, for one plane after another.
class Planes {
 public:
  explicit Planes(int depth) : depth_(depth) {}

  YuvPlane Draw(int width, int height) {
    const int bytes = depth_ == 8 ? 1 : 2;
    std::vector<uint16_t>& plane = planes_.emplace_back((width * height * bytes + 1) / 2);
    auto* samples = reinterpret_cast<uint8_t*>(plane.data());
    for (int i = 0; i < width * height; ++i) {
      state_ = state_ * 1664525 + 1013904223;
      const auto sample = static_cast<uint16_t>(state_ >> 16 & ((1U << depth_) - 1));
      if (bytes == 1) {
        samples[i] = static_cast<uint8_t>(sample);
      } else {
        plane[i] = sample;
      }
    }
    return {samples, static_cast<size_t>(width) * bytes};
  }

 private:
  int depth_;
  uint32_t state_ = 1;
  std::vector<std::vector<uint16_t>> planes_;
};

struct Kind {
  int depth = 8;
  Chroma chroma = Chroma::k420;
  bool alpha = false;
  bool premultiplied = false;
  std::vector<int> matrices = {1, 2, 5, 6, 9};
};

/// Of the pixels of pictures of a few sizes with each matrix and range; RGBA where there is alpha.
uint32_t ChecksumOf(const Kind& kind) {
  constexpr std::array kSizes = {std::pair(1, 1), std::pair(5, 1), std::pair(1, 4), std::pair(3, 5),
                                 std::pair(34, 7)};
  Planes planes(kind.depth);
  YuvRows rows;
  uLong sum = 0;
  for (const int matrix : kind.matrices) {
    for (const bool full_range : {false, true}) {
      for (const auto& [width, height] : kSizes) {
        YuvPicture picture;
        picture.width = width;
        picture.height = height;
        picture.depth = kind.depth;
        picture.chroma = kind.chroma;
        picture.matrix = matrix;
        picture.full_range = full_range;
        picture.premultiplied = kind.premultiplied;
        picture.luma = planes.Draw(width, height);
        if (kind.chroma != Chroma::kNone) {
          const int chroma_width = kind.chroma == Chroma::k444 ? width : (width + 1) / 2;
          const int chroma_height = kind.chroma == Chroma::k420 ? (height + 1) / 2 : height;
          picture.cb = planes.Draw(chroma_width, chroma_height);
          picture.cr = planes.Draw(chroma_width, chroma_height);
        }
        if (kind.alpha) picture.alpha = planes.Draw(width, height);
        EXPECT_TRUE(YuvRows::Know(picture));
        rows.Start(picture);
        std::vector<uint8_t> row(size_t{4} * width);
        for (int y = 0; y < height; ++y) {
          kind.alpha ? rows.ToRgba(y, row.data()) : rows.ToRgb(y, row.data());
          sum = crc32(sum, row.data(), static_cast<uInt>(width) * (kind.alpha ? 4 : 3));
        }
      }
    }
  }
  return static_cast<uint32_t>(sum);
}

// The sums are those of the pixels that avifImageYUVToRGB of libavif 1.4.2 (with libyuv 1924, as in
// Pillow 13's wheels) makes of the same planes.

TEST(YuvRows, AreLibavifs) {
  const std::vector<std::tuple<int, Chroma, bool, uint32_t>> cases = {
      {8, Chroma::kNone, false, 0x1f605aca},  {8, Chroma::kNone, true, 0x724aa06e},
      {8, Chroma::k420, false, 0x29b14f0e},   {8, Chroma::k420, true, 0xbccf44f9},
      {8, Chroma::k422, false, 0x3e7b78c2},   {8, Chroma::k422, true, 0xfa13e6f3},
      {8, Chroma::k444, false, 0x020cf794},   {8, Chroma::k444, true, 0x4c0f4fcf},
      {10, Chroma::kNone, false, 0xce29deca}, {10, Chroma::kNone, true, 0x435e1cda},
      {10, Chroma::k420, false, 0x95fc3ed6},  {10, Chroma::k420, true, 0x8b3a4977},
      {10, Chroma::k422, false, 0x05242645},  {10, Chroma::k422, true, 0xd11272a5},
      {10, Chroma::k444, false, 0xbc4eee04},  {10, Chroma::k444, true, 0x4714a264},
      {12, Chroma::kNone, false, 0xc5ed7c17}, {12, Chroma::kNone, true, 0x8c58de62},
      {12, Chroma::k420, false, 0xca0756bf},  {12, Chroma::k420, true, 0x21eb2e15},
      {12, Chroma::k422, false, 0x0e6d930d},  {12, Chroma::k422, true, 0x5c06545e},
      {12, Chroma::k444, false, 0xe70bc242},  {12, Chroma::k444, true, 0xc42a6ed1},
  };
  for (const auto& [depth, chroma, alpha, expected] : cases) {
    SCOPED_TRACE(testing::Message() << depth << " bits, chroma " << static_cast<int>(chroma)
                                    << (alpha ? ", alpha" : ""));
    EXPECT_EQ(ChecksumOf({.depth = depth, .chroma = chroma, .alpha = alpha}), expected);
  }
}

TEST(YuvRows, OfAMatrixOfIdentityAreLibavifs) {
  const std::vector<std::tuple<int, bool, uint32_t>> cases = {
      {8, false, 0x9f5d8e90}, {8, true, 0xb8ee2546},   {10, false, 0x632022f3},
      {10, true, 0x73e23e7b}, {12, false, 0xf5200df1}, {12, true, 0x9c1db15e},
  };
  for (const auto& [depth, alpha, expected] : cases) {
    const Kind kind{.depth = depth, .chroma = Chroma::k444, .alpha = alpha, .matrices = {0}};
    EXPECT_EQ(ChecksumOf(kind), expected) << depth << alpha;
  }
}

TEST(YuvRows, ThatArePremultipliedAreDivided) {
  Kind kind{.alpha = true, .premultiplied = true, .matrices = {6}};
  EXPECT_EQ(ChecksumOf(kind), 0x5867b3f7);
  kind.depth = 10;
  kind.chroma = Chroma::k444;
  EXPECT_EQ(ChecksumOf(kind), 0x5b922270);
}

TEST(YuvRows, DoNotKnowTheRarerMatrices) {
  YuvPicture picture;
  for (const int matrix : {0, 3, 4, 7, 8, 10, 14, 255}) {
    picture.matrix = matrix;
    EXPECT_FALSE(YuvRows::Know(picture)) << matrix;
  }
}

}  // namespace
}  // namespace pomona::image
