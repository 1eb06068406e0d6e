#include "pomona/classify/class_moments.h"

namespace pomona {

ClassMoments ClassMoments::Of(const ClassStatistics& statistics) {
  ClassMoments moments;
  moments.rows = statistics.count();
  moments.counts.assign(statistics.counts().begin(), statistics.counts().end());
  moments.mean.assign(statistics.mean().begin(), statistics.mean().end());
  moments.means = statistics.ClassMeans();
  moments.within = statistics.WithinScatter(moments.means);
  return moments;
}

ClassMoments ClassMoments::Only(std::span<const int64_t> features) const {
  ClassMoments some;
  some.rows = rows;
  some.counts = counts;
  const int64_t count = static_cast<int64_t>(features.size());
  some.means.reserve(static_cast<size_t>(classes() * count));
  some.within.assign(static_cast<size_t>(count * count), 0.0);
  for (const int64_t feature : features) some.mean.push_back(mean[static_cast<size_t>(feature)]);
  for (int64_t c = 0; c < classes(); ++c) {
    for (const int64_t feature : features) {
      some.means.push_back(means[static_cast<size_t>(c * dim() + feature)]);
    }
  }
  for (int64_t i = 0; i < count; ++i) {
    const double* row = within.data() + features[static_cast<size_t>(i)] * dim();
    double* to = some.within.data() + i * count;
    for (int64_t j = i; j < count; ++j) to[j] = row[features[static_cast<size_t>(j)]];
  }
  return some;
}

}  // namespace pomona
