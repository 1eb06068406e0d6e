#include "pomona/projection/hartley.h"

#include <gtest/gtest.h>
#include <hwy/aligned_allocator.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "pomona/base/random.h"

namespace pomona {
namespace {

TEST(Hartley, SizesAreThoseThatItCanDo) {
  EXPECT_EQ(Hartley::SizeFor(1), 64);
  EXPECT_EQ(Hartley::SizeFor(65), 128);
  EXPECT_EQ(Hartley::SizeFor(129), 192);
  EXPECT_EQ(Hartley::SizeFor(193), 256);
  EXPECT_EQ(Hartley::SizeFor(768), 768);
}

TEST(Hartley, IsItsDefinition) {
  for (const int64_t size : {64, 128, 192, 384}) {
    const auto count = static_cast<size_t>(size * kHartleyColumns);
    const auto values = hwy::AllocateAligned<float>(count);
    const auto work = hwy::AllocateAligned<float>(count);
    Random random(1);
    std::vector<float> before(count);
    for (size_t i = 0; i < count; ++i) before[i] = values[i] = random.Range(-1, 1);
    Hartley(size).Transform(values.get(), work.get());
    for (const int64_t column : {0, 5, 15, 16, 31}) {
      for (int64_t u = 0; u < size; ++u) {
        double sum = 0;
        for (int64_t i = 0; i < size; ++i) {
          const double angle =
              2 * std::numbers::pi * static_cast<double>(i * u % size) / static_cast<double>(size);
          sum += before[static_cast<size_t>(i * kHartleyColumns + column)] *
                 (std::cos(angle) + std::sin(angle));
        }
        EXPECT_NEAR(values[static_cast<size_t>(u * kHartleyColumns + column)], sum, 2e-5)
            << size << " " << column << " " << u;
      }
    }
  }
}

}  // namespace
}  // namespace pomona
