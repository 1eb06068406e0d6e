// Compiled once per CPU target, see foreach_target.h.
#include "pomona/linalg/multiply_panels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pomona/linalg/multiply_panels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pomona {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, kPanelColumns>;
using V = hn::VFromD<D>;
inline constexpr int kLanes = hn::MaxLanes(D());
/// Vectors of a panel's row.
inline constexpr int kVectors = static_cast<int>(kPanelColumns) / kLanes;

/// `kRows` of the eight rows of `c`: all sums stay in registers.
template <int kPanels, int kRows>
HWY_INLINE void Tile(const double* HWY_RESTRICT a, int64_t a_stride, const double* HWY_RESTRICT b,
                     int64_t depth, double* HWY_RESTRICT c, int64_t c_stride) {
  constexpr int kWidth = kPanels * kVectors;
  const D d;
  V sums[kRows][kWidth];
#pragma GCC unroll 8
  for (int j = 0; j < kRows; ++j) {
#pragma GCC unroll 12
    for (int v = 0; v < kWidth; ++v) sums[j][v] = hn::Zero(d);
  }
  for (int64_t r = 0; r < depth; ++r) {
    V columns[kWidth];
#pragma GCC unroll 12
    for (int v = 0; v < kWidth; ++v) {
      columns[v] =
          hn::Load(d, a + v / kVectors * a_stride + r * kPanelColumns + v % kVectors * kLanes);
    }
#pragma GCC unroll 8
    for (int j = 0; j < kRows; ++j) {
      const V row = hn::Set(d, b[r * kPanelColumns + j]);
#pragma GCC unroll 12
      for (int v = 0; v < kWidth; ++v) sums[j][v] = hn::MulAdd(row, columns[v], sums[j][v]);
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < kRows; ++j) {
#pragma GCC unroll 12
    for (int v = 0; v < kWidth; ++v) {
      double* at = c + j * c_stride + v * kLanes;
      hn::Store(hn::Add(hn::Load(d, at), sums[j][v]), d, at);
    }
  }
}

/// How much of a tile fits this target's registers: 32 of 64 bytes hold 8 rows of three panels,
/// 32 of 16 bytes 4 rows of one, 16 of 32 bytes 4 rows of one, 16 of 16 bytes 2.
inline constexpr int kPanelsAtOnce = kLanes == 8 ? 3 : 1;
inline constexpr int kRowsAtOnce = kLanes == 8 ? 8 : kLanes == 4 || HWY_TARGET == HWY_NEON ? 4 : 2;

template <int kPanels>
void Tiles(const double* a, int64_t a_stride, const double* b, int64_t depth, double* c,
           int64_t c_stride) {
  for (int j = 0; j < static_cast<int>(kPanelColumns); j += kRowsAtOnce) {
    Tile<kPanels, kRowsAtOnce>(a, a_stride, b + j, depth, c + j * c_stride, c_stride);
  }
}

void Multiply(const double* a, int64_t a_stride, int64_t panels, const double* b, int64_t depth,
              double* c, int64_t c_stride) {
  if (panels == kPanelsAtOnce) return Tiles<kPanelsAtOnce>(a, a_stride, b, depth, c, c_stride);
  for (int64_t p = 0; p < panels; ++p) {
    Tiles<1>(a + p * a_stride, a_stride, b, depth, c + p * kPanelColumns, c_stride);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(Multiply);

void MultiplyPanels(const double* a, int64_t a_stride, int64_t panels, const double* b,
                    int64_t depth, double* c, int64_t c_stride) {
  HWY_DYNAMIC_DISPATCH(Multiply)(a, a_stride, panels, b, depth, c, c_stride);
}

}  // namespace pomona
#endif  // HWY_ONCE
