#include "pomona/report/sprite_sheet.h"

#include <gtest/gtest.h>
#include <webp/decode.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace pomona {
namespace {

constexpr int kSide = SpriteLayout::kSide;

SpriteCell Plain(uint8_t red, int width, int height) {
  std::vector<uint8_t> pixels;
  for (int i = 0; i < width * height; ++i) pixels.insert(pixels.end(), {red, 0, 0});
  return CentredCell(pixels.data(), width, height);
}

TEST(CentredCellTest, LeavesWhiteAroundASmallerPicture) {
  const SpriteCell cell = Plain(200, kSide, kSide / 2);
  const auto pixel = [&](int x, int y) { return cell[static_cast<size_t>((y * kSide + x) * 3)]; };
  EXPECT_EQ(pixel(0, 0), 255);
  EXPECT_EQ(pixel(0, kSide / 2), 200);
  EXPECT_EQ(pixel(kSide - 1, kSide / 4), 200);
  EXPECT_EQ(pixel(kSide - 1, kSide - 1), 255);
}

TEST(EncodeSheetTest, CellsLieRowByRow) {
  std::vector<SpriteCell> cells;
  for (int i = 0; i < 18; ++i) cells.push_back(Plain(static_cast<uint8_t>(10 * i), kSide, kSide));
  const auto sheet = EncodeSheet(cells);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  int width = 0, height = 0;
  uint8_t* rgb = WebPDecodeRGB(reinterpret_cast<const uint8_t*>(sheet->data()), sheet->size(),
                               &width, &height);
  ASSERT_NE(rgb, nullptr);
  EXPECT_EQ(width, SpriteLayout::kColumns * kSide);
  EXPECT_EQ(height, 2 * kSide);
  for (int i = 0; i < 18; ++i) {
    const int x = i % SpriteLayout::kColumns * kSide + kSide / 2;
    const int y = i / SpriteLayout::kColumns * kSide + kSide / 2;
    EXPECT_NEAR(rgb[(y * width + x) * 3], 10 * i, 6) << i;
  }
  WebPFree(rgb);
}

}  // namespace
}  // namespace pomona
