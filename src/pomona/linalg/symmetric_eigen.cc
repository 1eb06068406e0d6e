#include "pomona/linalg/symmetric_eigen.h"

#include <Eigen/Eigenvalues>

#include <algorithm>

namespace pomona {

struct SymmetricEigen::Impl {
  // Rows of an upper triangle are columns of a lower one, which is what Eigen reads.
  Impl(int64_t dim, const double* matrix)
      : solver(Eigen::Map<const Eigen::MatrixXd>(matrix, dim, dim)) {}

  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
};

SymmetricEigen::SymmetricEigen(int64_t dim, std::span<const double> matrix)
    : impl_(std::make_unique<const Impl>(dim, matrix.data())) {
  const auto& ascending = impl_->solver.eigenvalues();
  for (int64_t i = dim; i-- > 0;) values_.push_back(std::max(ascending[i], 0.0));
}

SymmetricEigen::~SymmetricEigen() = default;

std::vector<double> SymmetricEigen::Vectors(int64_t k) const {
  const auto& all = impl_->solver.eigenvectors();
  const int64_t dim = all.rows();
  std::vector<double> vectors;
  vectors.reserve(static_cast<size_t>(k * dim));
  for (int64_t c = 0; c < k; ++c) {
    const auto vector = all.col(dim - 1 - c);
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    const double sign = vector[largest] < 0 ? -1 : 1;
    for (int64_t i = 0; i < dim; ++i) vectors.push_back(sign * vector[i]);
  }
  return vectors;
}

}  // namespace pomona
