// Compiled once per CPU target, see foreach_target.h.
#include "pomona/linalg/sift_dots.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pomona/linalg/sift_dots.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pomona {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void DotsOfRows(const int8_t* HWY_RESTRICT rows, int64_t count, int64_t dim,
                const int16_t* HWY_RESTRICT query, int32_t* HWY_RESTRICT dots) {
  const hn::ScalableTag<int16_t> wide;
  const hn::Rebind<int8_t, decltype(wide)> narrow;
  const hn::RepartitionToWide<decltype(wide)> sums;
  const auto lanes = static_cast<int64_t>(hn::Lanes(wide));
  for (int64_t i = 0; i < count; ++i) {
    const int8_t* row = rows + i * dim;
    // Two pairs of sums: one waits for the other's additions.
    auto a = hn::Zero(sums), b = hn::Zero(sums), c = hn::Zero(sums), e = hn::Zero(sums);
    int64_t d = 0;
    for (; d + 2 * lanes <= dim; d += 2 * lanes) {
      a = hn::ReorderWidenMulAccumulate(sums, hn::PromoteTo(wide, hn::LoadU(narrow, row + d)),
                                        hn::LoadU(wide, query + d), a, b);
      c = hn::ReorderWidenMulAccumulate(sums,
                                        hn::PromoteTo(wide, hn::LoadU(narrow, row + d + lanes)),
                                        hn::LoadU(wide, query + d + lanes), c, e);
    }
    int32_t sum = hn::GetLane(hn::SumOfLanes(sums, hn::Add(hn::Add(a, b), hn::Add(c, e))));
    for (; d < dim; ++d) sum += static_cast<int32_t>(row[d]) * query[d];
    dots[i] = sum;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(DotsOfRows);

void SiftDots(const int8_t* rows, int64_t count, int64_t dim, const int16_t* query, int32_t* dots) {
  HWY_DYNAMIC_DISPATCH(DotsOfRows)(rows, count, dim, query, dots);
}

}  // namespace pomona
#endif  // HWY_ONCE
