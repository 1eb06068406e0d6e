#include "pomona/classify/row_scores.h"

#include <algorithm>
#include <numeric>

namespace pomona {
namespace {

/// Rows whose coordinates are held at once.
constexpr int64_t kBlockRows = 1024;
/// Scores of prototypes that are held at once.
constexpr int64_t kBlockScores = int64_t{1} << 20;

/// Which prototypes are nearest to the rows of a block; the first of equals. z: [count, rank].
void FindNearest(const RowScores::Nearest& nearest, const double* z, int64_t count, int64_t rank,
                 int32_t* found, ThreadTeam& team) {
  const int64_t prototypes = nearest.prototypes.classes();
  const int64_t step = std::clamp<int64_t>(kBlockScores / prototypes, 1, count);
  std::vector<float> scores(static_cast<size_t>(step * prototypes));
  std::vector<float> strange(static_cast<size_t>(step));
  std::vector<int32_t> order(static_cast<size_t>(prototypes));
  const auto end = order.begin() + nearest.wanted;
  for (int64_t first = 0; first < count; first += step) {
    const int64_t rows = std::min(step, count - first);
    nearest.prototypes.Of(z + first * rank, rows, scores.data(), strange.data(), team);
    for (int64_t r = 0; r < rows; ++r) {
      const float* row = scores.data() + r * prototypes;
      std::iota(order.begin(), order.end(), 0);
      std::partial_sort(order.begin(), end, order.end(), [&](int32_t a, int32_t b) {
        return row[a] != row[b] ? row[a] > row[b] : a < b;
      });
      found = std::copy(order.begin(), end, found);
    }
  }
}

}  // namespace

RowPositions::RowPositions(const ScoringNumbers& numbers)
    : rank_(numbers.rank), mean_(numbers.mean.begin(), numbers.mean.end()) {
  if (numbers.projection.empty()) return;
  projection_.emplace(dim(), rank_, numbers.projection, numbers.mean, std::span<const double>());
}

void RowPositions::Of(const float* rows, int64_t count, double* z, ThreadTeam& team) const {
  if (projection_) {
    projection_->Apply(rows, count, z, team);
    return;
  }
  for (int64_t r = 0; r < count; ++r) {
    for (const double mean : mean_) *z++ = static_cast<double>(*rows++) - mean;
  }
}

RowScores::RowScores(const ScoringNumbers& numbers)
    : positions_(numbers),
      means_(numbers.kind, numbers.class_means, numbers.rank),
      bias_(numbers.bias.begin(), numbers.bias.end()) {
  if (numbers.weights.empty()) return;
  linear_.emplace(positions_.dim(), means_.classes(), numbers.weights, numbers.mean,
                  std::span<const double>());
}

void RowScores::Of(const float* rows, int64_t count, float* scores, float* unknown,
                   ThreadTeam& team, const Nearest* nearest) const {
  const int64_t classes = means_.classes();
  std::vector<double> z(static_cast<size_t>(std::min(count, kBlockRows) * positions_.rank()));
  std::vector<double> sums;
  if (linear_) sums.resize(static_cast<size_t>(std::min(count, kBlockRows) * classes));
  for (int64_t first = 0; first < count; first += kBlockRows) {
    const int64_t block = std::min(kBlockRows, count - first);
    const float* from = rows + first * positions_.dim();
    float* out = scores + first * classes;
    positions_.Of(from, block, z.data(), team);
    means_.Of(z.data(), block, out, unknown + first, team);
    if (nearest != nullptr) {
      FindNearest(*nearest, z.data(), block, positions_.rank(),
                  nearest->found + first * nearest->wanted, team);
    }
    if (!linear_) continue;
    linear_->Apply(from, block, sums.data(), team);
    for (size_t i = 0; i < static_cast<size_t>(block * classes); ++i) {
      out[i] = static_cast<float>(sums[i] + bias_[i % bias_.size()]);
    }
  }
}

}  // namespace pomona
