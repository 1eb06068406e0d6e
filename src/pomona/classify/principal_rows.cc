#include "pomona/classify/principal_rows.h"

#include <algorithm>
#include <utility>

#include "pomona/linalg/symmetric_eigen.h"

namespace pomona {

PrincipalAxes::Axes PrincipalAxes::Solve(const ClassMoments& all, std::span<const int64_t> features,
                                         std::span<const double> factors, int64_t most) {
  const ClassMoments some = all.Only(features);
  const auto dim = static_cast<int64_t>(features.size());
  // The scatter about the mean of all rows: that within the classes, and that of their means.
  std::vector<double> scatter(some.within);
  for (int64_t i = 0; i < dim; ++i) {
    double* row = scatter.data() + i * dim;
    for (int64_t c = 0; c < some.classes(); ++c) {
      const double* mean = some.means.data() + c * dim;
      const double factor = mean[i] * static_cast<double>(some.counts[static_cast<size_t>(c)]);
      for (int64_t j = i; j < dim; ++j) row[j] += factor * mean[j];
    }
    const double scale = factors[static_cast<size_t>(features[static_cast<size_t>(i)])] /
                         static_cast<double>(some.rows);
    for (int64_t j = i; j < dim; ++j) {
      row[j] *= scale * factors[static_cast<size_t>(features[static_cast<size_t>(j)])];
    }
  }
  const SymmetricEigen eigen(dim, scatter);
  Axes axes{.variances = eigen.values(), .vectors = {}};
  double sum = 0;
  double kept = 0;
  const int64_t count = std::min(most, dim);
  for (int64_t i = 0; i < dim; ++i) {
    sum += axes.variances[static_cast<size_t>(i)];
    if (i < count) kept = sum;
  }
  if (sum > 0) axes.explained = kept / sum;
  axes.mean_variance = sum / static_cast<double>(dim);
  axes.variances.resize(static_cast<size_t>(count));
  const std::vector<double> vectors = eigen.Vectors(count);
  axes.vectors.assign(static_cast<size_t>(count * all.dim()), 0.0);
  const double* from = vectors.data();
  for (int64_t k = 0; k < count; ++k) {
    double* to = axes.vectors.data() + k * all.dim();
    for (const int64_t feature : features) {
      to[feature] = *from++ * factors[static_cast<size_t>(feature)];
    }
  }
  return axes;
}

PrincipalAxes::PrincipalAxes(const ClassMoments& moments, std::span<const int64_t> features,
                             std::span<const double> factors, int64_t most)
    : PrincipalAxes(moments.dim(), Solve(moments, features, factors, most), moments.mean) {}

PrincipalAxes::PrincipalAxes(int64_t dim, Axes axes, std::span<const double> mean)
    : dim_(dim), axes_(std::move(axes)), projection_(dim_, count(), axes_.vectors, mean, {}) {}

void PrincipalAxes::Append(const float* rows, int64_t rows_count, ThreadTeam& team,
                           RowPanels* panels) const {
  std::vector<double> out(static_cast<size_t>(rows_count * count()));
  projection_.Apply(rows, rows_count, out.data(), team);
  std::vector<float> row(static_cast<size_t>(count()));
  for (int64_t r = 0; r < rows_count; ++r) {
    std::transform(out.begin() + r * count(), out.begin() + (r + 1) * count(), row.begin(),
                   [](double value) { return static_cast<float>(value); });
    panels->Append(row);
  }
}

std::vector<double> PrincipalAxes::WeightsOfFeatures(const LinearWeights& weights) const {
  std::vector<double> of_features(static_cast<size_t>(weights.classes * dim_), 0.0);
  for (int64_t c = 0; c < weights.classes; ++c) {
    double* to = of_features.data() + c * dim_;
    for (int64_t k = 0; k < weights.width; ++k) {
      const double weight = weights.weights[static_cast<size_t>(c * weights.width + k)];
      const double* axis = axes_.vectors.data() + k * dim_;
      for (int64_t i = 0; i < dim_; ++i) to[i] += weight * axis[i];
    }
  }
  return of_features;
}

}  // namespace pomona
