#include "pomona/linalg/dot_tiles.h"

#include <gtest/gtest.h>
#include <hwy/aligned_allocator.h>
#include <hwy/targets.h>

#include <random>
#include <vector>

namespace pomona {
namespace {

/// Every target that this CPU has and the build made, one after the other.
template <class Check>
void OnEachTarget(Check check) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().DeInit();
    SCOPED_TRACE(hwy::TargetName(target));
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
}

TEST(DotTiles, AddTheProducts) {
  std::mt19937 random(5);
  // Small whole numbers: sums are exact in any order.
  std::uniform_int_distribution<int> digits(-9, 9);
  constexpr int64_t kStride = 48;
  for (const int64_t panels : {1, 2}) {
    for (const int64_t depth : {0, 1, 7, 64}) {
      // One more than is read: a vector of none has no address.
      std::vector<float> a(static_cast<size_t>(depth * kDotRows + 1));
      const int64_t b_stride = (depth + 1) * kDotColumns;
      const auto b = hwy::AllocateAligned<float>(static_cast<size_t>(2 * b_stride));
      for (float& value : a) value = static_cast<float>(digits(random));
      for (int64_t i = 0; i < 2 * b_stride; ++i) {
        b[static_cast<size_t>(i)] = static_cast<float>(digits(random));
      }
      for (const bool first : {false, true}) {
        OnEachTarget([&] {
          const auto c = hwy::AllocateAligned<float>(static_cast<size_t>(kDotRows * kStride));
          std::fill_n(c.get(), kDotRows * kStride, 1000.F);
          DotTiles(a.data(), b.get(), b_stride, panels, depth, c.get(), kStride, first);
          for (int64_t i = 0; i < kDotRows; ++i) {
            for (int64_t j = 0; j < kStride; ++j) {
              const bool inside = j < panels * kDotColumns;
              float expected = first && inside ? 0 : 1000;
              for (int64_t d = 0; inside && d < depth; ++d) {
                expected += a[static_cast<size_t>(d * kDotRows + i)] *
                            b[static_cast<size_t>(j / kDotColumns * b_stride + d * kDotColumns +
                                                  j % kDotColumns)];
              }
              ASSERT_EQ(c[static_cast<size_t>(i * kStride + j)], expected) << i << ", " << j;
            }
          }
        });
      }
    }
  }
}

TEST(DotTiles, FindTheNextAboveWhereverItIs) {
  constexpr int64_t kCount = 41;
  for (int64_t at = 0; at < kCount; ++at) {
    std::vector<float> scores(kCount, 1.5F);
    std::vector<float> minus(kCount, 0.5F);
    std::vector<float> least(kCount, 1.F);
    scores[static_cast<size_t>(at)] = 1.75F;
    OnEachTarget([&] {
      for (int64_t from = 0; from <= kCount; ++from) {
        const int64_t expected = from <= at ? at : kCount;
        ASSERT_EQ(NextAboveOfRow(scores.data(), minus.data(), 1, from, kCount), expected);
        ASSERT_EQ(NextAboveOfColumn(scores.data(), 0.5F, least.data(), from, kCount), expected);
      }
    });
  }
}

}  // namespace
}  // namespace pomona
