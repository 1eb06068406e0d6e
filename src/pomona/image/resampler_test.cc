// All CPU targets that this machine has, see resample_passes.cc.
#define HWY_WANT_AVX3_DL
#include "pomona/image/resampler.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <tuple>
#include <vector>

namespace pomona::image {
namespace {

/// Pillow's resize of one axis, written as plainly as possible: along columns of a
/// [count, size, step] view, pixel by pixel.
std::vector<uint8_t> ReferenceAxis(const std::vector<uint8_t>& in, int count, int size, int step,
                                   int out_size, ResizeFilter filter) {
  const double radius = filter == ResizeFilter::kBilinear ? 1.0 : 2.0;
  const double scale = static_cast<double>(size) / out_size;
  const double stretch = scale < 1.0 ? 1.0 : scale;
  const auto kernel = [&](double x) {
    if (x < 0.0) x = -x;
    if (filter == ResizeFilter::kBilinear) return x < 1.0 ? 1.0 - x : 0.0;
    if (x < 1.0) return ((-0.5 + 2.0) * x - (-0.5 + 3.0)) * x * x + 1;
    if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * -0.5;
    return 0.0;
  };
  std::vector<uint8_t> out(static_cast<size_t>(count) * out_size * step);
  for (int o = 0; o < out_size; ++o) {
    const double center = (o + 0.5) * scale;
    int begin = static_cast<int>(center - radius * stretch + 0.5);
    int end = static_cast<int>(center + radius * stretch + 0.5);
    begin = begin < 0 ? 0 : begin;
    end = end > size ? size : end;
    std::vector<double> weights;
    double total = 0.0;
    for (int i = begin; i < end; ++i) {
      weights.push_back(kernel((i - center + 0.5) * (1.0 / stretch)));
      total += weights.back();
    }
    std::vector<int> fixed;
    for (double w : weights) {
      w /= total;
      fixed.push_back(static_cast<int>(w < 0 ? -0.5 + w * (1 << 22) : 0.5 + w * (1 << 22)));
    }
    for (int n = 0; n < count; ++n) {
      for (int s = 0; s < step; ++s) {
        int64_t sum = 1 << 21;
        for (int i = begin; i < end; ++i) {
          sum += int64_t{in[(static_cast<size_t>(n) * size + i) * step + s]} * fixed[i - begin];
        }
        const int64_t value = sum >> 22;
        out[(static_cast<size_t>(n) * out_size + o) * step + s] =
            static_cast<uint8_t>(value < 0     ? 0
                                 : value > 255 ? 255
                                               : value);
      }
    }
  }
  return out;
}

std::vector<uint8_t> Reference(const std::vector<uint8_t>& in, int w, int h, int out_w, int out_h,
                               ResizeFilter filter) {
  if (filter == ResizeFilter::kNearest) {
    std::vector<uint8_t> out;
    double y = static_cast<double>(h) / out_h * 0.5;
    for (int oy = 0; oy < out_h; ++oy, y += static_cast<double>(h) / out_h) {
      double x = static_cast<double>(w) / out_w * 0.5;
      for (int ox = 0; ox < out_w; ++ox, x += static_cast<double>(w) / out_w) {
        const uint8_t* from =
            &in[(static_cast<size_t>(static_cast<int>(y)) * w + static_cast<int>(x)) * 3];
        out.insert(out.end(), from, from + 3);
      }
    }
    return out;
  }
  const bool vertical_first = h - out_h > 0 && h - out_h > (w - out_w) * 2;
  std::vector<uint8_t> image = in;
  if (vertical_first && h != out_h) image = ReferenceAxis(image, 1, h, w * 3, out_h, filter);
  const int rows = vertical_first ? out_h : h;
  if (w != out_w) image = ReferenceAxis(image, rows, w, 3, out_w, filter);
  if (!vertical_first && h != out_h) {
    image = ReferenceAxis(image, 1, h, out_w * 3, out_h, filter);
  }
  return image;
}

/// Noise has all values, thus overshoots that must be clamped.
std::vector<uint8_t> Noise(int width, int height) {
  std::vector<uint8_t> out(static_cast<size_t>(width) * height * 3);
  uint32_t state = 12345u + static_cast<uint32_t>(width);
  for (uint8_t& v : out) {
    state = state * 1664525u + 1013904223u;
    const uint32_t r = state >> 24;
    v = static_cast<uint8_t>(r < 80 ? 0 : r > 176 ? 255 : r);
  }
  return out;
}

/// Pushes the image `strip` rows at a time, from rows that are padded with other bytes.
std::vector<uint8_t> Resize(Resampler& resampler, const std::vector<uint8_t>& in, int w, int h,
                            int out_w, int out_h, int strip) {
  // A guard behind the result shows writes past its end.
  constexpr size_t kGuard = 64;
  std::vector<uint8_t> out(static_cast<size_t>(out_w) * out_h * 3 + kGuard, 0xa5);
  const size_t row_bytes = static_cast<size_t>(w) * 3;
  const size_t stride = row_bytes + kRowPadding;
  std::vector<uint8_t> rows(stride * strip, 0x5a);
  resampler.Start(w, h, out.data());
  for (int y = 0; y < h; y += strip) {
    const int count = std::min(strip, h - y);
    for (int r = 0; r < count; ++r) {
      std::memcpy(&rows[stride * r], &in[row_bytes * (y + r)], row_bytes);
    }
    resampler.Push(rows.data(), stride, count);
  }
  for (size_t i = out.size() - kGuard; i < out.size(); ++i) EXPECT_EQ(out[i], 0xa5);
  return {out.begin(), out.end() - kGuard};
}

class ResamplerTest : public testing::TestWithParam<std::tuple<int64_t, ResizeFilter>> {
 protected:
  void SetUp() override {
    hwy::SetSupportedTargetsForTest(std::get<0>(GetParam()));
    hwy::GetChosenTarget().DeInit();
  }
  void TearDown() override {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
  }

  void Check(int w, int h, int out_w, int out_h, int strip = 16) {
    const ResizeFilter filter = std::get<1>(GetParam());
    Resampler resampler(out_w, out_h, filter);
    const std::vector<uint8_t> in = Noise(w, h);
    ASSERT_EQ(Resize(resampler, in, w, h, out_w, out_h, strip),
              Reference(in, w, h, out_w, out_h, filter))
        << w << "x" << h << " to " << out_w << "x" << out_h << ", strips of " << strip;
  }
};

TEST_P(ResamplerTest, EveryWidthToOneSize) {
  for (int w = 1; w <= 300; ++w) Check(w, 3, 97, 4);
}

TEST_P(ResamplerTest, EveryHeightToOneSize) {
  for (int h = 1; h <= 300; ++h) Check(5, h, 6, 61, 1 + h % 33);
}

TEST_P(ResamplerTest, EverySizeFromOne) {
  for (int out = 1; out <= 300; ++out) Check(100, 7, out, 9);
}

TEST_P(ResamplerTest, UsualSizes) {
  Check(100, 100, 224, 224);
  Check(100, 100, 299, 299);
  Check(500, 375, 224, 224);
  Check(375, 500, 224, 224);
  Check(640, 480, 224, 224);
  Check(224, 224, 224, 224);
}

TEST_P(ResamplerTest, ExtremeShapes) {
  Check(1, 1, 224, 224);
  Check(1, 1, 1, 1);
  Check(65500, 2, 50, 50);
  Check(2, 9000, 50, 50);
  Check(3000, 3000, 1, 1);
  Check(2, 3, 700, 1);
}

TEST_P(ResamplerTest, BothPassOrders) {
  Check(100, 600, 224, 224);
  Check(600, 100, 224, 224);
  Check(300, 400, 224, 224);
  Check(226, 228, 224, 223);  // 5 > 2 * 2: vertical first
  Check(226, 228, 224, 224);  // 4 = 2 * 2: horizontal first
}

TEST_P(ResamplerTest, OneAxisOnly) {
  Check(224, 100, 224, 224);
  Check(100, 224, 224, 224);
  Check(224, 900, 224, 224);
  Check(900, 224, 224, 224);
}

TEST_P(ResamplerTest, ResultDoesNotDependOnStrips) {
  for (const int strip : {1, 2, 3, 15, 16, 17, 150}) Check(90, 150, 70, 41, strip);
}

TEST_P(ResamplerTest, SizesAlternateInOneResampler) {
  const ResizeFilter filter = std::get<1>(GetParam());
  Resampler resampler(40, 30, filter);
  for (int i = 0; i < 40; ++i) {
    const int w = 20 + i * 7 % 11 * 9, h = 15 + i * 5 % 13 * 6;
    const std::vector<uint8_t> in = Noise(w, h);
    ASSERT_EQ(Resize(resampler, in, w, h, 40, 30, 16), Reference(in, w, h, 40, 30, filter));
  }
}

std::string NameOf(const testing::TestParamInfo<ResamplerTest::ParamType>& test) {
  constexpr const char* kFilters[] = {"Nearest", "Bilinear", "Bicubic"};
  return std::string(hwy::TargetName(std::get<0>(test.param))) +
         kFilters[static_cast<int>(std::get<1>(test.param))];
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, ResamplerTest,
                         testing::Combine(testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                                          testing::Values(ResizeFilter::kNearest,
                                                          ResizeFilter::kBilinear,
                                                          ResizeFilter::kBicubic)),
                         NameOf);

}  // namespace
}  // namespace pomona::image
