#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

// Sets of labels that hold the right one with a stated probability, by how sure the classifier is:
// LAC (Sadinle, Lei and Wasserman, Least Ambiguous Set-Valued Classifiers, 2019), as MAPIE's "lac".

/// What a row of calibration scores: 1 less the probability of its given class.
inline double ConformalScore(float probability) { return 1 - static_cast<double>(probability); }

/// The score that sets are cut off at, so that a set holds the right label with probability
/// `level` or more: the ceil((n + 1) * level)-th smallest of the n scores. Infinite where that is
/// more than n: so few rows promise nothing but the set of all labels. level: of (0, 1).
double ConformalQuantile(std::vector<double> scores, double level);

/// How many rows of calibration a quantile below infinity needs.
int64_t ConformalRowsFor(double level);

/// What sets made of new rows.
struct ConformalCounts {
  int64_t rows = 0;
  int64_t covered = 0;  ///< sets that hold the given label
  int64_t labels = 0;   ///< of all sets together
  int64_t empty = 0;    ///< sets without a label
};

/// The set of a row: labels whose probability is at least 1 - quantile. probabilities: of the row,
/// [classes]. label: the given one.
void CountSet(std::span<const float> probabilities, int32_t label, double quantile,
              ConformalCounts& counts);

}  // namespace pomona
