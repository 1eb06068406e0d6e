#include "pomona/image/axis_weights.h"

#include <algorithm>
#include <cmath>

namespace pomona::image {
namespace {

double Bilinear(double x) {
  x = std::abs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

double Bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

int32_t ToFixed(double weight) {
  return static_cast<int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << kWeightBits));
}

}  // namespace

AxisWeights ComputeAxisWeights(int in_size, int out_size, ResizeFilter filter) {
  double (*const kernel)(double) = filter == ResizeFilter::kBilinear ? Bilinear : Bicubic;
  // The order of these double operations is Pillow's: another order rounds otherwise.
  const double scale = static_cast<double>(in_size) / out_size;
  const double filter_scale = std::max(scale, 1.0);
  const double support = (filter == ResizeFilter::kBilinear ? 1.0 : 2.0) * filter_scale;
  const double inverse = 1.0 / filter_scale;

  AxisWeights axis{in_size, out_size, 0, std::vector<int32_t>(out_size), {}};
  std::vector<int32_t> counts(out_size);
  for (int i = 0; i < out_size; ++i) {
    const double center = (i + 0.5) * scale;
    const int begin = std::max(static_cast<int>(center - support + 0.5), 0);
    const int end = std::min(static_cast<int>(center + support + 0.5), in_size);
    axis.first[i] = begin;
    counts[i] = end - begin;
    axis.taps = std::max(axis.taps, end - begin);
  }

  axis.weights.assign(static_cast<size_t>(out_size) * axis.taps, 0);
  std::vector<double> window(axis.taps);
  for (int i = 0; i < out_size; ++i) {
    const double center = (i + 0.5) * scale;
    double sum = 0.0;
    for (int t = 0; t < counts[i]; ++t) {
      window[t] = kernel((t + axis.first[i] - center + 0.5) * inverse);
      sum += window[t];
    }
    // A window that would reach over the end moves back; its first weights are then zero.
    const int moved = std::max(axis.first[i] + axis.taps - in_size, 0);
    axis.first[i] -= moved;
    int32_t* out = &axis.weights[static_cast<size_t>(i) * axis.taps + moved];
    for (int t = 0; t < counts[i]; ++t) {
      out[t] = ToFixed(sum != 0.0 ? window[t] / sum : window[t]);
    }
  }
  return axis;
}

}  // namespace pomona::image
