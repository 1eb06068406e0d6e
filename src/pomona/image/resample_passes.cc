// Compiled once per CPU target, see foreach_target.h. AVX3_DL (Ice Lake, Zen 4) is off
// unless asked for.
#define HWY_WANT_AVX3_DL
#include "pomona/image/resample_passes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pomona/image/resample_passes.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
#include "pomona/image/passes_scalar-inl.h"
#elif HWY_TARGET == HWY_AVX3_DL
#include "pomona/image/passes_vnni-inl.h"
#else
#include "pomona/image/passes_words-inl.h"
#endif

#if HWY_ONCE
namespace pomona::image {

HWY_EXPORT(BuildHorizontal);
HWY_EXPORT(RunHorizontal);
HWY_EXPORT(BuildVertical);
HWY_EXPORT(RunVertical);

HorizontalPass::HorizontalPass(const AxisWeights& axis) {
  HWY_DYNAMIC_DISPATCH(BuildHorizontal)(axis, *this);
}

void HorizontalPass::Run(const uint8_t* const* in, uint8_t* const* out, int rows) const {
  HWY_DYNAMIC_DISPATCH(RunHorizontal)(*this, in, out, rows);
}

VerticalPass::VerticalPass(const AxisWeights& axis) {
  HWY_DYNAMIC_DISPATCH(BuildVertical)(axis, *this);
}

void VerticalPass::Run(int y, int rows, const uint8_t* const* in, uint8_t* const* out,
                       size_t bytes) const {
  HWY_DYNAMIC_DISPATCH(RunVertical)(*this, y, rows, in, out, bytes);
}

}  // namespace pomona::image
#endif  // HWY_ONCE
