#include "pomona/linalg/ridge.h"

#include <Eigen/Cholesky>

namespace pomona {

struct Ridge::Impl {
  Eigen::VectorXd mean;
  Eigen::MatrixXd weights;  // [dim, classes]
  Eigen::VectorXd share;    // of each class
};

Ridge::Ridge(std::span<const float> rows, int64_t dim, std::span<const int> labels, int classes) {
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto count = static_cast<int64_t>(labels.size());
  Eigen::MatrixXd x = Eigen::Map<const Rows>(rows.data(), count, dim).cast<double>();
  auto impl = std::make_unique<Impl>();
  impl->mean = x.colwise().mean();
  x.rowwise() -= impl->mean.transpose();
  Eigen::MatrixXd wanted = Eigen::MatrixXd::Zero(count, classes);
  for (int64_t i = 0; i < count; ++i) wanted(i, labels[static_cast<size_t>(i)]) = 1;
  impl->share = wanted.colwise().mean();
  wanted.rowwise() -= impl->share.transpose();
  Eigen::MatrixXd scatter = Eigen::MatrixXd::Zero(dim, dim);
  scatter.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
  // So that it does not depend on the unit of the features, nor on how many rows there are.
  constexpr double kPenalty = 0.3;
  const double penalty = kPenalty * scatter.trace() / static_cast<double>(dim);
  scatter.diagonal().array() += penalty > 0 ? penalty : 1;
  impl->weights = scatter.selfadjointView<Eigen::Lower>().llt().solve(x.transpose() * wanted);
  impl_ = std::move(impl);
}

Ridge::~Ridge() = default;

int Ridge::ClassOf(std::span<const float> row) const {
  const Eigen::VectorXd x =
      Eigen::Map<const Eigen::VectorXf>(row.data(), static_cast<int64_t>(row.size()))
          .cast<double>() -
      impl_->mean;
  Eigen::Index best = 0;
  (impl_->weights.transpose() * x + impl_->share).maxCoeff(&best);
  return static_cast<int>(best);
}

}  // namespace pomona
