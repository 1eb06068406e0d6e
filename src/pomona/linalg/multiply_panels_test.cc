#include "pomona/linalg/multiply_panels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <random>
#include <vector>

namespace pomona {
namespace {

class MultiplyPanelsOn : public testing::TestWithParam<int64_t> {
 protected:
  // Every target that this CPU has and the build made, one after the other.
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
};

INSTANTIATE_TEST_SUITE_P(Panels, MultiplyPanelsOn, testing::Values(1, 2, 3));

TEST_P(MultiplyPanelsOn, AddsTheProduct) {
  const int64_t panels = GetParam();
  std::mt19937 random(5);
  // Small whole numbers: sums are exact in any order.
  std::uniform_int_distribution<int> digits(-9, 9);
  for (const int64_t depth : {0, 1, 7, 64}) {
    Panels a(depth, panels * kPanelColumns);
    Panels b(depth, kPanelColumns);
    const auto fill = [&](Panels& matrix) {
      for (int64_t p = 0; p < matrix.count(); ++p) {
        for (int64_t i = 0; i < depth * kPanelColumns; ++i) matrix.panel(p)[i] = digits(random);
      }
    };
    fill(a);
    fill(b);
    OnEachTarget([&] {
      const int64_t width = panels * kPanelColumns;
      const auto c = hwy::AllocateAligned<double>(static_cast<size_t>(kPanelColumns * width));
      for (int64_t i = 0; i < kPanelColumns * width; ++i) c[static_cast<size_t>(i)] = 1000;
      MultiplyPanels(a.panel(0), a.stride(), panels, b.panel(0), depth, c.get(), width);
      for (int64_t j = 0; j < kPanelColumns; ++j) {
        for (int64_t i = 0; i < width; ++i) {
          double expected = 1000;
          for (int64_t r = 0; r < depth; ++r) {
            expected += b.panel(0)[r * kPanelColumns + j] *
                        a.panel(i / kPanelColumns)[r * kPanelColumns + i % kPanelColumns];
          }
          ASSERT_EQ(c[static_cast<size_t>(j * width + i)], expected)
              << "depth " << depth << " at " << j << ", " << i;
        }
      }
    });
  }
}

}  // namespace
}  // namespace pomona
