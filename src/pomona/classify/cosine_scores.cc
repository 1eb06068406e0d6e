#include "pomona/classify/cosine_scores.h"

#include <algorithm>
#include <cmath>

namespace pomona {
namespace {

double LengthOf(std::span<const double> vector) {
  double sum = 0;
  for (const double one : vector) sum += one * one;
  return std::sqrt(sum);
}

std::vector<double> Units(std::span<const double> vectors, int64_t rank) {
  std::vector<double> units(vectors.begin(), vectors.end());
  for (size_t at = 0; at < units.size(); at += static_cast<size_t>(rank)) {
    const std::span<double> one(units.data() + at, static_cast<size_t>(rank));
    const double length = LengthOf(one);
    if (length == 0) continue;
    for (double& value : one) value /= length;
  }
  return units;
}

}  // namespace

CosineScores::CosineScores(std::span<const double> class_means, int64_t rank)
    : rank_(rank),
      classes_(static_cast<int64_t>(class_means.size()) / rank),
      units_(rank, classes_, Units(class_means, rank), {}, {}) {}

void CosineScores::Of(const double* z, int64_t count, float* out, ThreadTeam& team) const {
  std::vector<double> products(static_cast<size_t>(count * classes_));
  units_.Apply(z, count, products.data(), team);
  const double* product = products.data();
  for (int64_t r = 0; r < count; ++r, z += rank_) {
    const double length = LengthOf({z, static_cast<size_t>(rank_)});
    const double factor = length > 0 ? 1 / length : 0;
    for (int64_t c = 0; c < classes_; ++c) {
      *out++ = static_cast<float>(std::clamp(*product++ * factor, -1.0, 1.0));
    }
  }
}

}  // namespace pomona
