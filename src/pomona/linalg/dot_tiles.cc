// Compiled once per CPU target, see foreach_target.h.
#include "pomona/linalg/dot_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pomona/linalg/dot_tiles.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pomona {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DotD = hn::CappedTag<float, kDotColumns>;
using DotV = hn::VFromD<DotD>;
inline constexpr int kDotLanes = hn::MaxLanes(DotD());
/// Vectors of a panel's row.
inline constexpr int kDotVectors = static_cast<int>(kDotColumns) / kDotLanes;

/// `kRows` of the twelve rows: all sums stay in registers.
template <int kPanels, int kRows>
HWY_INLINE void DotTile(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, int64_t b_stride,
                        int64_t depth, float* HWY_RESTRICT c, int64_t c_stride, bool first) {
  constexpr int kWidth = kPanels * kDotVectors;
  const DotD d;
  DotV sums[kRows][kWidth];
#pragma GCC unroll 12
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 16
    for (int v = 0; v < kWidth; ++v) {
      sums[i][v] = first ? hn::Zero(d) : hn::Load(d, c + i * c_stride + v * kDotLanes);
    }
  }
  for (int64_t r = 0; r < depth; ++r) {
    DotV columns[kWidth];
#pragma GCC unroll 16
    for (int v = 0; v < kWidth; ++v) {
      columns[v] = hn::Load(
          d, b + v / kDotVectors * b_stride + r * kDotColumns + v % kDotVectors * kDotLanes);
    }
#pragma GCC unroll 12
    for (int i = 0; i < kRows; ++i) {
      const DotV row = hn::Set(d, a[r * kDotRows + i]);
#pragma GCC unroll 16
      for (int v = 0; v < kWidth; ++v) sums[i][v] = hn::MulAdd(row, columns[v], sums[i][v]);
    }
  }
#pragma GCC unroll 12
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 16
    for (int v = 0; v < kWidth; ++v) {
      hn::Store(sums[i][v], d, c + i * c_stride + v * kDotLanes);
    }
  }
}

/// How much of a tile fits this target's registers: 32 of 64 bytes hold 12 rows of two panels, 16
/// of 32 bytes 6 rows of one, 32 of 16 bytes 6 rows of one, 16 of 16 bytes 3.
inline constexpr int kDotPanelsAtOnce = kDotLanes == 16 ? 2 : 1;
inline constexpr int kDotRowsAtOnce = kDotLanes == 16                            ? 12
                                      : kDotLanes == 8 || HWY_TARGET == HWY_NEON ? 6
                                                                                 : 3;

template <int kPanels>
void DotRows(const float* a, const float* b, int64_t b_stride, int64_t depth, float* c,
             int64_t c_stride, bool first) {
  for (int i = 0; i < static_cast<int>(kDotRows); i += kDotRowsAtOnce) {
    DotTile<kPanels, kDotRowsAtOnce>(a + i, b, b_stride, depth, c + i * c_stride, c_stride, first);
  }
}

void Dot(const float* a, const float* b, int64_t b_stride, int64_t panels, int64_t depth, float* c,
         int64_t c_stride, bool first) {
  if (panels == kDotPanelsAtOnce) {
    return DotRows<kDotPanelsAtOnce>(a, b, b_stride, depth, c, c_stride, first);
  }
  for (int64_t p = 0; p < panels; ++p) {
    DotRows<1>(a, b + p * b_stride, b_stride, depth, c + p * kDotColumns, c_stride, first);
  }
}

/// `Minus` and `Least`: of a lane, or of a vector of them from j on.
template <class Minus, class Least>
HWY_INLINE int64_t NextAbove(const float* HWY_RESTRICT scores, Minus minus, Least least,
                             int64_t from, int64_t count) {
  const DotD d;
  int64_t j = from;
  for (; j + kDotLanes <= count; j += kDotLanes) {
    const auto score = hn::Sub(hn::LoadU(d, scores + j), minus(d, j));
    const intptr_t found = hn::FindFirstTrue(d, hn::Gt(score, least(d, j)));
    if (found >= 0) return j + found;
  }
  const hn::CappedTag<float, 1> one;
  for (; j < count; ++j) {
    const auto score = hn::Sub(hn::LoadU(one, scores + j), minus(one, j));
    if (hn::GetLane(score) > hn::GetLane(least(one, j))) return j;
  }
  return count;
}

int64_t NextOfRow(const float* scores, const float* minus, float least, int64_t from,
                  int64_t count) {
  return NextAbove(
      scores, [=](auto d, int64_t j) HWY_ATTR { return hn::LoadU(d, minus + j); },
      [=](auto d, int64_t) HWY_ATTR { return hn::Set(d, least); }, from, count);
}

int64_t NextOfColumn(const float* scores, float minus, const float* least, int64_t from,
                     int64_t count) {
  return NextAbove(
      scores, [=](auto d, int64_t) HWY_ATTR { return hn::Set(d, minus); },
      [=](auto d, int64_t j) HWY_ATTR { return hn::LoadU(d, least + j); }, from, count);
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(Dot);
HWY_EXPORT(NextOfRow);
HWY_EXPORT(NextOfColumn);

void DotTiles(const float* a, const float* b, int64_t b_stride, int64_t panels, int64_t depth,
              float* c, int64_t c_stride, bool first) {
  HWY_DYNAMIC_DISPATCH(Dot)(a, b, b_stride, panels, depth, c, c_stride, first);
}

int64_t NextAboveOfRow(const float* scores, const float* minus, float least, int64_t from,
                       int64_t count) {
  return HWY_DYNAMIC_DISPATCH(NextOfRow)(scores, minus, least, from, count);
}

int64_t NextAboveOfColumn(const float* scores, float minus, const float* least, int64_t from,
                          int64_t count) {
  return HWY_DYNAMIC_DISPATCH(NextOfColumn)(scores, minus, least, from, count);
}

}  // namespace pomona
#endif  // HWY_ONCE
