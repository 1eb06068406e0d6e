#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/linalg/scatter.h"

namespace pomona {

/// What a discriminant needs to know of any number of rows, in one pass: how many each class has,
/// its mean, and the scatter of all. Statistics of other rows of the same classes merge into it. In
/// double. The result depends on the order of the rows as Scatter's does, and on nothing else.
///
/// Memory: 8 * dim * (dim + classes) bytes. For one thread at a time.
class ClassStatistics {
 public:
  /// `threads`: cores that Add uses, at least 1.
  ClassStatistics(int64_t dim, int classes, int threads);

  int64_t dim() const { return scatter_.dim(); }
  int classes() const { return static_cast<int>(counts_.size()); }
  int64_t count() const { return scatter_.count(); }

  /// rows: [labels.size(), dim], row-major, all finite; labels: 0 to classes - 1.
  void Add(const float* rows, std::span<const int> labels);

  void Merge(ClassStatistics& other);

  /// These hold for all rows so far, once Finish() was called.
  void Finish() { scatter_.Finish(); }
  /// [classes]
  std::span<const int64_t> counts() const { return counts_; }
  /// [dim], of all rows.
  std::span<const double> mean() const { return scatter_.mean(); }
  /// [classes, dim], row-major: the mean of each class less mean(); zeros of a class without rows.
  std::vector<double> ClassMeans() const;
  /// The scatter of the rows about the means of their classes: element (i, j), i <= j, is
  /// [i * dim + j] of [dim, dim]; the others are 0. `means`: ClassMeans().
  std::vector<double> WithinScatter(std::span<const double> means) const;

 private:
  Scatter scatter_;
  std::vector<int64_t> counts_;
  /// [classes, dim]: sums of rows less origin_, which keeps what is near it exact.
  std::vector<double> sums_;
  std::vector<double> origin_;
};

}  // namespace pomona
