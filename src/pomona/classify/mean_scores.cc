#include "pomona/classify/mean_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pomona {
namespace {

double SquareOf(std::span<const double> vector) {
  double sum = 0;
  for (const double one : vector) sum += one * one;
  return sum;
}

/// For cosines of length 1; a mean of 0 stays: its cosine is 0 to all rows.
std::vector<double> Scaled(ScoreKind kind, std::span<const double> means, int64_t rank) {
  std::vector<double> scaled(means.begin(), means.end());
  if (kind != ScoreKind::kCosine) return scaled;
  for (size_t at = 0; at < scaled.size(); at += static_cast<size_t>(rank)) {
    const std::span<double> one(scaled.data() + at, static_cast<size_t>(rank));
    const double length = std::sqrt(SquareOf(one));
    if (length == 0) continue;
    for (double& value : one) value /= length;
  }
  return scaled;
}

}  // namespace

MeanScores::MeanScores(ScoreKind kind, std::span<const double> class_means, int64_t rank)
    : kind_(kind),
      rank_(rank),
      classes_(static_cast<int64_t>(class_means.size()) / rank),
      means_(rank, classes_, Scaled(kind, class_means, rank), {}, {}),
      halves_(static_cast<size_t>(classes_), 0.0) {
  if (kind == ScoreKind::kCosine) return;
  for (size_t c = 0; c < halves_.size(); ++c) {
    const auto width = static_cast<size_t>(rank);
    halves_[c] = SquareOf(class_means.subspan(c * width, width)) / 2;
  }
}

void MeanScores::Of(const double* z, int64_t count, float* scores, float* unknown,
                    ThreadTeam& team) const {
  std::vector<double> products(static_cast<size_t>(count * classes_));
  means_.Apply(z, count, products.data(), team);
  const double* product = products.data();
  for (int64_t r = 0; r < count; ++r, z += rank_, product += classes_, scores += classes_) {
    const double square = SquareOf({z, static_cast<size_t>(rank_)});
    const bool cosine = kind_ == ScoreKind::kCosine;
    const double factor = !cosine ? 1 : square > 0 ? 1 / std::sqrt(square) : 0;
    double most = -std::numeric_limits<double>::infinity();
    for (int64_t c = 0; c < classes_; ++c) {
      double score = product[c] * factor - halves_[static_cast<size_t>(c)];
      if (cosine) score = std::clamp(score, -1.0, 1.0);
      most = std::max(most, score);
      scores[c] = static_cast<float>(score);
    }
    *unknown++ = static_cast<float>(cosine ? 1 - most : std::max(square - 2 * most, 0.0));
  }
}

}  // namespace pomona
