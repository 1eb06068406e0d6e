// Compiled once per CPU target, see foreach_target.h.
#include "pomona/projection/hartley.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pomona/projection/hartley.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>
#include <numbers>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace pomona {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Half of a row's columns: those of the first half are the real part of a complex number, those
/// of the other half the imaginary one. So two real columns are transformed as one complex one.
constexpr int64_t kHalf = kHartleyColumns / 2;
using Tag = hn::CappedTag<float, kHalf>;
using Vector = hn::Vec<Tag>;

struct Complex {
  Vector re, im;
};

HWY_INLINE Complex Load(const float* at) {
  return {hn::Load(Tag(), at), hn::Load(Tag(), at + kHalf)};
}
HWY_INLINE void Store(const Complex& value, float* at) {
  hn::Store(value.re, Tag(), at);
  hn::Store(value.im, Tag(), at + kHalf);
}
HWY_INLINE Complex operator+(const Complex& a, const Complex& b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
HWY_INLINE Complex operator-(const Complex& a, const Complex& b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
/// Times i.
HWY_INLINE Complex Turned(const Complex& a) { return {hn::Neg(a.im), a.re}; }
/// Times the number at `w`.
HWY_INLINE Complex Times(const Complex& a, const float* w) {
  const auto re = hn::Set(Tag(), w[0]), im = hn::Set(Tag(), w[1]);
  return {hn::NegMulAdd(a.im, im, hn::Mul(a.re, re)), hn::MulAdd(a.im, re, hn::Mul(a.re, im))};
}

/// One step of Stockham's algorithm: `n` is what is left of the size, `stride` what is done.
template <int kRadix>
void Step(int64_t n, int64_t stride, const float* HWY_RESTRICT twiddles,
          const float* HWY_RESTRICT from, float* HWY_RESTRICT to) {
  const int64_t m = n / kRadix;
  const int64_t lanes = hn::Lanes(Tag());
  for (int64_t p = 0; p < m; ++p, twiddles += 2 * (kRadix - 1)) {
    for (int64_t q = 0; q < stride; ++q) {
      const float* in = from + (q + stride * p) * kHartleyColumns;
      float* out = to + (q + stride * kRadix * p) * kHartleyColumns;
      const int64_t in_step = stride * m * kHartleyColumns;
      const int64_t out_step = stride * kHartleyColumns;
      for (int64_t lane = 0; lane < kHalf; lane += lanes, in += lanes, out += lanes) {
        const Complex a = Load(in), b = Load(in + in_step);
        if constexpr (kRadix == 2) {
          Store(a + b, out);
          Store(Times(a - b, twiddles), out + out_step);
        } else if constexpr (kRadix == 3) {
          const Complex c = Load(in + 2 * in_step);
          const auto half = hn::Set(Tag(), 0.5F), root = hn::Set(Tag(), 0.8660254F);
          const Complex sum = b + c, difference = b - c;
          const Complex middle = {hn::NegMulAdd(half, sum.re, a.re),
                                  hn::NegMulAdd(half, sum.im, a.im)};
          const Complex aside =
              Turned({hn::Mul(root, difference.re), hn::Mul(root, difference.im)});
          Store(a + sum, out);
          Store(Times(middle - aside, twiddles), out + out_step);
          Store(Times(middle + aside, twiddles + 2), out + 2 * out_step);
        } else {
          const Complex c = Load(in + 2 * in_step), d = Load(in + 3 * in_step);
          const Complex even = a + c, odd = b + d;
          const Complex middle = a - c, aside = Turned(b - d);
          Store(even + odd, out);
          Store(Times(middle - aside, twiddles), out + out_step);
          Store(Times(even - odd, twiddles + 2), out + 2 * out_step);
          Store(Times(middle + aside, twiddles + 4), out + 3 * out_step);
        }
      }
    }
  }
}

/// The two real transforms that the complex ones at u and -u are made of.
void Untangle(int64_t size, const float* from, float* to) {
  const int64_t lanes = hn::Lanes(Tag());
  const auto half = hn::Set(Tag(), 0.5F);
  for (int64_t u = 0; u <= size / 2; ++u) {
    const int64_t at = u * kHartleyColumns, mirrored = (size - u) % size * kHartleyColumns;
    for (int64_t lane = 0; lane < kHalf; lane += lanes) {
      const Complex a = Load(from + at + lane), b = Load(from + mirrored + lane);
      const Complex sum = a + b, difference = a - b;
      Store({hn::Mul(half, hn::Sub(sum.re, difference.im)),
             hn::Mul(half, hn::Add(sum.im, difference.re))},
            to + at + lane);
      Store({hn::Mul(half, hn::Add(sum.re, difference.im)),
             hn::Mul(half, hn::Sub(sum.im, difference.re))},
            to + mirrored + lane);
    }
  }
}

void TransformColumns(int64_t size, const float* twiddles, float* columns, float* work) {
  float* from = columns;
  float* to = work;
  for (int64_t n = size, stride = 1; n > 1;) {
    const int64_t radix = n % 4 == 0 ? 4 : n % 3 == 0 ? 3 : 2;
    const auto step = radix == 4 ? Step<4> : radix == 3 ? Step<3> : Step<2>;
    step(n, stride, twiddles, from, to);
    twiddles += 2 * (radix - 1) * (n / radix);
    n /= radix;
    stride *= radix;
    std::swap(from, to);
  }
  Untangle(size, from, columns);
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(TransformColumns);

int64_t Hartley::SizeFor(int64_t least) {
  int64_t size = 64;
  while (size < least) size *= 2;
  return size >= 256 && size / 4 * 3 >= least ? size / 4 * 3 : size;
}

Hartley::Hartley(int64_t size) : size_(size) {
  for (int64_t n = size; n > 1;) {
    const int64_t radix = n % 4 == 0 ? 4 : n % 3 == 0 ? 3 : 2;
    for (int64_t p = 0; p < n / radix; ++p) {
      for (int64_t t = 1; t < radix; ++t) {
        const double angle =
            -2 * std::numbers::pi * static_cast<double>(p * t) / static_cast<double>(n);
        twiddles_.push_back(static_cast<float>(std::cos(angle)));
        twiddles_.push_back(static_cast<float>(std::sin(angle)));
      }
    }
    n /= radix;
  }
}

void Hartley::Transform(float* columns, float* work) const {
  HWY_DYNAMIC_DISPATCH(TransformColumns)(size_, twiddles_.data(), columns, work);
}

}  // namespace pomona
#endif  // HWY_ONCE
