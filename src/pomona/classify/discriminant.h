#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/classify/class_moments.h"

namespace pomona {

/// The directions in which classes differ most beside what rows of one class differ by: Fisher's
/// linear discriminants. In them the covariance within the classes is the identity.
struct Discriminant {
  int64_t dim = 0;
  int64_t rank = 0;                 ///< directions: fewer than classes, at most dim
  std::vector<double> mean;         ///< [dim], of the rows
  std::vector<double> projection;   ///< [rank][dim]: z = projection (x - mean); empty: x - mean
  std::vector<double> class_means;  ///< [classes][rank], of z; zeros of a class without rows
};

/// No directions: rows and means of classes as they are, less the mean of all.
Discriminant CentroidsOf(const ClassMoments& moments);

/// Solves for them by the covariance within the classes, shrunk: (1 - shrinkage) S + shrinkage *
/// trace(S) / dim * I (Ledoit and Wolf, "A well-conditioned estimator for large-dimensional
/// covariance matrices", 2004). `factors`: [dim], by which features are multiplied before; they
/// only matter to the shrinking, which takes a unit of each feature to be the same. `shrinkage`:
/// above 0 to 1. `within`: statistics.WithinScatter. Directions come by descending variance between
/// the classes, each with its largest number positive; those without any (below 1e-10 of the first)
/// are left out.
///
/// Cost: dim^3 / 3 + 2 * classes * dim^2 operations, and some 10 times the cube of classes or dim,
/// what is less. Rows of one value in all features, or of classes that all have one mean: rank 0.
/// Throws std::bad_alloc.
Discriminant SolveDiscriminant(const ClassMoments& moments, std::span<const double> factors,
                               double shrinkage);

}  // namespace pomona
