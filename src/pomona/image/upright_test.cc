#include "pomona/image/upright.h"

#include <gtest/gtest.h>

#include <vector>

namespace pomona::image {
namespace {

/// A 3 x 2 image of which pixel i has value i, turned upright.
std::vector<int> Turned(int orientation) {
  Upright upright;
  upright.Start(3, 2, orientation);
  std::vector<uint8_t> picture(6 * 3 + kRowPadding);
  for (int i = 0; i < 6; ++i) picture[3 * i] = static_cast<uint8_t>(i);
  upright.Push(picture.data(), 9, 2);
  std::vector<uint8_t> pixels(6 * 3);
  Resampler copy(upright.out_width(), upright.out_height(), ResizeFilter::kNearest);
  copy.Start(upright.out_width(), upright.out_height(), pixels.data());
  upright.Finish(copy);
  std::vector<int> values;
  for (int i = 0; i < 6; ++i) values.push_back(pixels[3 * i]);
  return values;
}

TEST(UprightTest, TurnsAsExifSays) {
  using V = std::vector<int>;
  EXPECT_EQ(Turned(2), (V{2, 1, 0, 5, 4, 3}));
  EXPECT_EQ(Turned(3), (V{5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(Turned(4), (V{3, 4, 5, 0, 1, 2}));
  EXPECT_EQ(Turned(5), (V{0, 3, 1, 4, 2, 5}));  // now 2 wide, 3 high
  EXPECT_EQ(Turned(6), (V{3, 0, 4, 1, 5, 2}));
  EXPECT_EQ(Turned(7), (V{5, 2, 4, 1, 3, 0}));
  EXPECT_EQ(Turned(8), (V{2, 5, 1, 4, 0, 3}));
}

}  // namespace
}  // namespace pomona::image
