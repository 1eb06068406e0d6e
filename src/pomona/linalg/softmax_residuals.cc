// Compiled once per CPU target, see foreach_target.h.
#include "pomona/linalg/softmax_residuals.h"

#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pomona/linalg/softmax_residuals.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace pomona {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

RowLoss Residual(float* HWY_RESTRICT scores, int64_t classes, int64_t padded, int64_t label,
                 float weight) {
  const hn::CappedTag<float, 16> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t c = classes; c < padded; ++c) scores[c] = -std::numeric_limits<float>::infinity();
  auto highest = hn::Set(d, -std::numeric_limits<float>::infinity());
  for (int64_t c = 0; c < padded; c += lanes) highest = hn::Max(highest, hn::Load(d, scores + c));
  const float most = hn::GetLane(hn::MaxOfLanes(d, highest));
  const float of_label = scores[label];
  // Exp is for what is above -87.3; below that lies nothing that a float32 sum would show.
  const auto least = hn::Set(d, -87.0F);
  auto sums = hn::Zero(d);
  auto squares = hn::Zero(d);
  for (int64_t c = 0; c < padded; c += lanes) {
    const auto below = hn::Sub(hn::Load(d, scores + c), hn::Set(d, most));
    const auto one = hn::IfThenElseZero(hn::Gt(below, least), hn::Exp(d, hn::Max(below, least)));
    hn::Store(one, d, scores + c);
    sums = hn::Add(sums, one);
    squares = hn::MulAdd(one, one, squares);
  }
  const float sum = hn::GetLane(hn::SumOfLanes(d, sums));
  const float square = hn::GetLane(hn::SumOfLanes(d, squares));
  const auto factor = hn::Set(d, weight / sum);
  for (int64_t c = 0; c < padded; c += lanes) {
    hn::Store(hn::Mul(hn::Load(d, scores + c), factor), d, scores + c);
  }
  scores[label] -= weight;
  const double loss = std::log(static_cast<double>(sum)) + static_cast<double>(most) - of_label;
  const double spread = 1 - static_cast<double>(square) / (static_cast<double>(sum) * sum);
  return {.loss = loss * weight, .curvature = spread * weight};
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(Residual);

RowLoss SoftmaxResidual(float* scores, int64_t classes, int64_t padded, int64_t label,
                        float weight) {
  return HWY_DYNAMIC_DISPATCH(Residual)(scores, classes, padded, label, weight);
}

}  // namespace pomona
#endif  // HWY_ONCE
