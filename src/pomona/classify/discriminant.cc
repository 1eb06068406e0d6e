#include "pomona/classify/discriminant.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

#include "pomona/linalg/symmetric_eigen.h"

namespace pomona {
namespace {

using Matrix = Eigen::MatrixXd;
using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kNoVariance = 1e-10;

/// The lower triangle of the shrunk covariance of scaled features.
Matrix Shrunk(std::span<const double> within, std::span<const double> factors, double freedom,
              double shrinkage) {
  const auto dim = static_cast<int64_t>(factors.size());
  Matrix covariance = Matrix::Zero(dim, dim);
  const double kept = (1 - shrinkage) / freedom;
  double trace = 0;
  for (int64_t i = 0; i < dim; ++i) {
    const double factor = factors[static_cast<size_t>(i)];
    const double* row = within.data() + i * dim;
    trace += row[i] * factor * factor / freedom;
    for (int64_t j = i; j < dim; ++j) {
      covariance(j, i) = row[j] * factor * factors[static_cast<size_t>(j)] * kept;
    }
  }
  // Where nothing varies within the classes every direction is as good.
  const double mean = trace > 0 ? trace / static_cast<double>(dim) : 1;
  covariance.diagonal().array() += trace > 0 ? shrinkage * mean : mean;
  return covariance;
}

/// The directions, of length 1, in which the columns of `white` vary most, `most` of them: without
/// those of less than kNoVariance of the first. By whichever of both products is smaller.
Matrix PrincipalDirections(const Matrix& white, int64_t most) {
  const bool few = white.cols() <= white.rows();
  const Matrix product =
      few ? Matrix(white.transpose() * white) : Matrix(white * white.transpose());
  const SymmetricEigen eigen(product.rows(), {product.data(), static_cast<size_t>(product.size())});
  const auto& variances = eigen.values();
  int64_t rank = 0;
  while (rank < most && variances[static_cast<size_t>(rank)] > kNoVariance * variances.front()) {
    ++rank;
  }
  if (rank == 0) return {};
  const std::vector<double> vectors = eigen.Vectors(rank);
  const Eigen::Map<const Matrix> found(vectors.data(), product.rows(), rank);
  if (!few) return found;
  Matrix directions = white * found;
  for (int64_t d = 0; d < rank; ++d) {
    directions.col(d) /= std::sqrt(variances[static_cast<size_t>(d)]);
  }
  return directions;
}

}  // namespace

Discriminant SolveDiscriminant(const ClassMoments& moments, std::span<const double> factors,
                               double shrinkage) {
  const int64_t dim = moments.dim();
  const int64_t classes = moments.classes();
  Discriminant found;
  found.dim = dim;
  found.mean = moments.mean;

  const auto rows = static_cast<double>(moments.rows);
  const auto present = static_cast<double>(
      std::count_if(moments.counts.begin(), moments.counts.end(), [](auto n) { return n > 0; }));
  const Eigen::LLT<Matrix, Eigen::Lower> whitening(
      Shrunk(moments.within, factors, std::max(rows - present, 1.0), shrinkage));
  const Eigen::Map<const Eigen::VectorXd> scale(factors.data(), dim);
  const Eigen::Map<const Rows> unscaled(moments.means.data(), classes, dim);
  // [dim, classes]: the classes' means, whitened, each by the root of its share of the rows.
  Matrix white = scale.asDiagonal() * unscaled.transpose();
  for (int64_t c = 0; c < classes; ++c) {
    white.col(c) *= std::sqrt(static_cast<double>(moments.counts[static_cast<size_t>(c)]) / rows);
  }
  whitening.matrixL().solveInPlace(white);

  Matrix directions = PrincipalDirections(white, std::min(classes - 1, dim));
  found.rank = directions.cols();
  if (found.rank == 0) return found;
  whitening.matrixU().solveInPlace(directions);
  directions = scale.asDiagonal() * directions;

  found.projection.resize(static_cast<size_t>(found.rank * dim));
  Eigen::Map<Rows> projection(found.projection.data(), found.rank, dim);
  for (int64_t d = 0; d < found.rank; ++d) {
    Eigen::Index largest = 0;
    directions.col(d).cwiseAbs().maxCoeff(&largest);
    projection.row(d) = directions.col(d) * (directions(largest, d) < 0 ? -1 : 1);
  }
  found.class_means.resize(static_cast<size_t>(classes * found.rank));
  Eigen::Map<Rows>(found.class_means.data(), classes, found.rank) =
      unscaled * projection.transpose();
  return found;
}

Discriminant CentroidsOf(const ClassMoments& moments) {
  return {.dim = moments.dim(),
          .rank = moments.dim(),
          .mean = moments.mean,
          .projection = {},
          .class_means = moments.means};
}

}  // namespace pomona
