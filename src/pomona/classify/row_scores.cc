#include "pomona/classify/row_scores.h"

#include <algorithm>

namespace pomona {
namespace {

/// Rows whose coordinates are held at once.
constexpr int64_t kBlockRows = 1024;

}  // namespace

RowScores::RowScores(const ScoringNumbers& numbers)
    : dim_(static_cast<int64_t>(numbers.mean.size())),
      rank_(numbers.rank),
      mean_(numbers.mean.begin(), numbers.mean.end()),
      means_(numbers.kind, numbers.class_means, rank_),
      bias_(numbers.bias.begin(), numbers.bias.end()) {
  if (!numbers.projection.empty()) {
    projection_.emplace(dim_, rank_, numbers.projection, numbers.mean, std::span<const double>());
  }
  if (!numbers.weights.empty()) {
    linear_.emplace(dim_, means_.classes(), numbers.weights, numbers.mean,
                    std::span<const double>());
  }
}

void RowScores::Of(const float* rows, int64_t count, float* scores, float* unknown,
                   ThreadTeam& team) const {
  const int64_t classes = means_.classes();
  std::vector<double> z(static_cast<size_t>(std::min(count, kBlockRows) * rank_));
  std::vector<double> sums;
  if (linear_) sums.resize(static_cast<size_t>(std::min(count, kBlockRows) * classes));
  for (int64_t first = 0; first < count; first += kBlockRows) {
    const int64_t block = std::min(kBlockRows, count - first);
    float* out = scores + first * classes;
    if (projection_) {
      projection_->Apply(rows + first * dim_, block, z.data(), team);
    } else {
      const float* from = rows + first * dim_;
      for (size_t i = 0; i < static_cast<size_t>(block * dim_); ++i) {
        z[i] = static_cast<double>(from[i]) - mean_[i % mean_.size()];
      }
    }
    means_.Of(z.data(), block, out, unknown + first, team);
    if (!linear_) continue;
    linear_->Apply(rows + first * dim_, block, sums.data(), team);
    for (size_t i = 0; i < static_cast<size_t>(block * classes); ++i) {
      out[i] = static_cast<float>(sums[i] + bias_[i % bias_.size()]);
    }
  }
}

}  // namespace pomona
