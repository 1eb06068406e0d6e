#include "pomona/classify/class_statistics.h"

#include <algorithm>

namespace pomona {

ClassStatistics::ClassStatistics(int64_t dim, int classes, int threads)
    : scatter_(dim, threads),
      counts_(static_cast<size_t>(classes), 0),
      sums_(static_cast<size_t>(classes * dim), 0.0) {}

void ClassStatistics::Add(const float* rows, std::span<const int> labels) {
  if (labels.empty()) return;
  const int64_t dim = scatter_.dim();
  if (origin_.empty()) origin_.assign(rows, rows + dim);
  scatter_.Add(rows, static_cast<int64_t>(labels.size()));
  for (const int label : labels) {
    ++counts_[static_cast<size_t>(label)];
    double* sum = sums_.data() + label * dim;
    for (int64_t i = 0; i < dim; ++i) sum[i] += rows[i] - origin_[static_cast<size_t>(i)];
    rows += dim;
  }
}

void ClassStatistics::Merge(ClassStatistics& other) {
  if (other.count() == 0) return;
  if (origin_.empty()) origin_ = other.origin_;
  const auto dim = static_cast<size_t>(scatter_.dim());
  for (size_t c = 0; c < counts_.size(); ++c) {
    const auto count = static_cast<double>(other.counts_[c]);
    for (size_t i = 0; i < dim; ++i) {
      sums_[c * dim + i] += other.sums_[c * dim + i] + count * (other.origin_[i] - origin_[i]);
    }
    counts_[c] += other.counts_[c];
  }
  scatter_.Merge(other.scatter_);
}

std::vector<double> ClassStatistics::ClassMeans() const {
  const auto dim = static_cast<size_t>(scatter_.dim());
  std::vector<double> means(sums_.size(), 0.0);
  for (size_t c = 0; c < counts_.size(); ++c) {
    if (counts_[c] == 0) continue;
    const auto count = static_cast<double>(counts_[c]);
    for (size_t i = 0; i < dim; ++i) {
      means[c * dim + i] = sums_[c * dim + i] / count + (origin_[i] - scatter_.mean()[i]);
    }
  }
  return means;
}

std::vector<double> ClassStatistics::WithinScatter(std::span<const double> means) const {
  const int64_t dim = scatter_.dim();
  std::vector<double> within(static_cast<size_t>(dim * dim), 0.0);
  for (int64_t i = 0; i < dim; ++i)
    std::copy_n(scatter_.row(i) + i, dim - i, &within[static_cast<size_t>(i * dim + i)]);
  // Between the classes: the sum of count * mean * mean', taken off.
  for (size_t c = 0; c < counts_.size(); ++c) {
    const auto count = static_cast<double>(counts_[c]);
    const double* mean = means.data() + static_cast<int64_t>(c) * dim;
    for (int64_t i = 0; i < dim; ++i) {
      const double weighted = count * mean[i];
      double* row = within.data() + i * dim;
      for (int64_t j = i; j < dim; ++j) row[j] -= weighted * mean[j];
    }
  }
  return within;
}

}  // namespace pomona
