#include "pomona/projection/principal_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "pomona/base/random.h"
#include "pomona/linalg/symmetric_eigen.h"

namespace pomona {
namespace {

constexpr int64_t kSampleRows = 2'048;
constexpr int64_t kBlockRows = 64;
/// Directions that are followed: those beyond the two make these converge.
constexpr int64_t kDirections = 8;
constexpr int kSteps = 8;

using Direction = std::array<double, kDirections>;

/// What a row is multiplied by before it is compared.
double ScaleOf(RowMetric metric, const float* row, int64_t dim) {
  if (metric == RowMetric::kEuclidean) return 1;
  const double length = std::sqrt(RowDot(row, row, dim));
  return length > 0 ? 1 / length : 0;
}

/// Makes the columns of `vectors` [dim] orthonormal; those that are not independent become zero.
void Orthonormalise(std::vector<Direction>& vectors) {
  for (size_t c = 0; c < kDirections; ++c) {
    const auto dot = [&](size_t other) {
      double sum = 0;
      for (const Direction& at : vectors) sum += at[c] * at[other];
      return sum;
    };
    const double before = std::sqrt(dot(c));
    // Twice is enough: rounding leaves nothing of the others after that.
    for (int pass = 0; pass < 2; ++pass) {
      for (size_t other = 0; other < c; ++other) {
        const double share = dot(other);
        for (Direction& at : vectors) at[c] -= share * at[other];
      }
    }
    const double length = std::sqrt(dot(c));
    const double scale = length > 1e-10 * before ? 1 / length : 0;
    for (Direction& at : vectors) at[c] *= scale;
  }
}

/// Some of the rows, scaled and less their mean.
class CentredSample {
 public:
  CentredSample(const Rows& rows, RowMetric metric) : dim_(rows.dim) {
    const int64_t step = (rows.count + kSampleRows - 1) / kSampleRows;
    count_ = (rows.count + step - 1) / step;
    values_.resize(static_cast<size_t>(count_ * dim_));
    mean_.resize(static_cast<size_t>(dim_));
    for (int64_t i = 0; i < count_; ++i) {
      const float* from = rows.row(i * step);
      const double scale = ScaleOf(metric, from, dim_);
      for (int64_t d = 0; d < dim_; ++d) {
        const double value = scale * from[d];
        values_[static_cast<size_t>(i * dim_ + d)] = static_cast<float>(value);
        mean_[static_cast<size_t>(d)] += value / static_cast<double>(count_);
      }
    }
    for (int64_t i = 0; i < count_; ++i) {
      for (size_t d = 0; d < mean_.size(); ++d) {
        values_[static_cast<size_t>(i * dim_) + d] -= static_cast<float>(mean_[d]);
      }
    }
  }

  const std::vector<double>& mean() const { return mean_; }

  /// Their scatter matrix times `vectors` [dim], added in the order of the blocks.
  std::vector<Direction> ScatterTimes(const std::vector<Direction>& vectors,
                                      ThreadTeam& team) const {
    const int64_t blocks = (count_ + kBlockRows - 1) / kBlockRows;
    std::vector<std::vector<Direction>> parts(static_cast<size_t>(blocks));
    team.Run(blocks, [&](int64_t block) {
      auto& part = parts[static_cast<size_t>(block)];
      part.resize(vectors.size());
      const int64_t end = std::min(count_, (block + 1) * kBlockRows);
      for (int64_t i = block * kBlockRows; i < end; ++i) {
        const float* row = values_.data() + i * dim_;
        Direction along = {};
        for (size_t d = 0; d < vectors.size(); ++d) {
          for (size_t c = 0; c < kDirections; ++c) along[c] += row[d] * vectors[d][c];
        }
        for (size_t d = 0; d < vectors.size(); ++d) {
          for (size_t c = 0; c < kDirections; ++c) part[d][c] += row[d] * along[c];
        }
      }
    });
    std::vector<Direction> sum(vectors.size());
    for (const auto& part : parts) {
      for (size_t d = 0; d < sum.size(); ++d) {
        for (size_t c = 0; c < kDirections; ++c) sum[d][c] += part[d][c];
      }
    }
    return sum;
  }

 private:
  const int64_t dim_;
  int64_t count_ = 0;
  std::vector<float> values_;
  std::vector<double> mean_;
};

/// The two directions of greatest variance, [2][dim]; the largest loading of each is positive.
std::array<std::vector<double>, 2> GreatestTwo(const CentredSample& sample, int64_t dim,
                                               ThreadTeam& team) {
  std::vector<Direction> vectors(static_cast<size_t>(dim));
  Random random(1);
  for (Direction& at : vectors) {
    for (double& value : at) value = random.Share() - 0.5;
  }
  Orthonormalise(vectors);
  for (int step = 0; step < kSteps; ++step) {
    vectors = sample.ScatterTimes(vectors, team);
    Orthonormalise(vectors);
  }
  const auto scattered = sample.ScatterTimes(vectors, team);
  std::vector<double> small(kDirections * kDirections);
  for (size_t d = 0; d < vectors.size(); ++d) {
    for (size_t a = 0; a < kDirections; ++a) {
      for (size_t b = 0; b < kDirections; ++b) {
        small[a * kDirections + b] += vectors[d][a] * scattered[d][b];
      }
    }
  }
  const auto mix = SymmetricEigen(kDirections, small).Vectors(2);
  std::array<std::vector<double>, 2> axes;
  for (size_t axis = 0; axis < 2; ++axis) {
    auto& to = axes[axis];
    to.resize(vectors.size());
    double largest = 0;
    for (size_t d = 0; d < vectors.size(); ++d) {
      for (size_t c = 0; c < kDirections; ++c) {
        to[d] += mix[axis * kDirections + c] * vectors[d][c];
      }
      if (std::abs(to[d]) > std::abs(largest)) largest = to[d];
    }
    if (largest < 0) std::ranges::transform(to, to.begin(), std::negate<>());
  }
  return axes;
}

}  // namespace

PlanePoints PrincipalPlane(const Rows& rows, RowMetric metric, ThreadTeam& team) {
  const CentredSample sample(rows, metric);
  const auto axes = GreatestTwo(sample, rows.dim, team);
  const auto& mean = sample.mean();
  PlanePoints points{.x = std::vector<float>(static_cast<size_t>(rows.count)),
                     .y = std::vector<float>(static_cast<size_t>(rows.count))};
  team.Run((rows.count + kBlockRows - 1) / kBlockRows, [&](int64_t block) {
    const int64_t end = std::min(rows.count, (block + 1) * kBlockRows);
    for (int64_t i = block * kBlockRows; i < end; ++i) {
      const float* row = rows.row(i);
      const double scale = ScaleOf(metric, row, rows.dim);
      double x = 0, y = 0;
      for (size_t d = 0; d < mean.size(); ++d) {
        const double value = scale * row[d] - mean[d];
        x += value * axes[0][d];
        y += value * axes[1][d];
      }
      points.x[static_cast<size_t>(i)] = static_cast<float>(x);
      points.y[static_cast<size_t>(i)] = static_cast<float>(y);
    }
  });
  return points;
}

}  // namespace pomona
