#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/classify/class_statistics.h"

namespace pomona {

/// What a discriminant is solved from: the statistics of classes, centred. A value.
struct ClassMoments {
  int64_t rows = 0;
  std::vector<int64_t> counts;  ///< [classes]
  std::vector<double> mean;     ///< [dim], of all rows
  std::vector<double> means;    ///< ClassStatistics::ClassMeans
  std::vector<double> within;   ///< ClassStatistics::WithinScatter

  int64_t dim() const { return static_cast<int64_t>(mean.size()); }
  int64_t classes() const { return static_cast<int64_t>(counts.size()); }

  /// `statistics`: finished.
  static ClassMoments Of(const ClassStatistics& statistics);

  /// Of these features alone, ascending.
  ClassMoments Only(std::span<const int64_t> features) const;
};

}  // namespace pomona
