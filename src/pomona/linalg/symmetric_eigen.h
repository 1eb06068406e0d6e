#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace pomona {

/// Eigenvalues and eigenvectors of a symmetric matrix without negative eigenvalues. For one
/// thread.
class SymmetricEigen {
 public:
  /// matrix: [dim, dim], row-major; its upper triangle is read. Cost: see PcaStatistics::Solve.
  SymmetricEigen(int64_t dim, std::span<const double> matrix);
  ~SymmetricEigen();

  /// [dim], descending; those that rounding made negative are 0.
  const std::vector<double>& values() const { return values_; }
  /// [k][dim]: the eigenvectors of the k largest, of length 1; the element of largest magnitude
  /// is positive, the first of them if several are.
  std::vector<double> Vectors(int64_t k) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
  std::vector<double> values_;
};

}  // namespace pomona
