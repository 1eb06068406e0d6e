#include "pomona/classify/conformal_sets.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pomona {
namespace {

/// The rank, from 1. What rounding adds to (n + 1) * level, as in 20 * 0.95, is taken away: one
/// rank more would be asked for.
int64_t RankOf(int64_t rows, double level) {
  const double exact = static_cast<double>(rows + 1) * level;
  return static_cast<int64_t>(std::ceil(exact - 1e-9 * exact));
}

}  // namespace

double ConformalQuantile(std::vector<double> scores, double level) {
  const auto rows = static_cast<int64_t>(scores.size());
  const int64_t rank = std::max<int64_t>(1, RankOf(rows, level));
  if (rank > rows) return std::numeric_limits<double>::infinity();
  std::nth_element(scores.begin(), scores.begin() + (rank - 1), scores.end());
  return scores[static_cast<size_t>(rank - 1)];
}

int64_t ConformalRowsFor(double level) {
  // rank <= n where n >= level / (1 - level).
  auto rows = static_cast<int64_t>(level / (1 - level));
  while (rows > 1 && RankOf(rows - 1, level) <= rows - 1) --rows;
  while (rows < 1 || RankOf(rows, level) > rows) ++rows;
  return rows;
}

void CountSet(std::span<const float> probabilities, int32_t label, double quantile,
              ConformalCounts& counts) {
  // The same expression as in calibration: rounding puts no label on the other side.
  const auto in_set = [&](float probability) { return ConformalScore(probability) <= quantile; };
  const auto size = std::count_if(probabilities.begin(), probabilities.end(), in_set);
  ++counts.rows;
  counts.covered += in_set(probabilities[static_cast<size_t>(label)]) ? 1 : 0;
  counts.labels += size;
  counts.empty += size == 0 ? 1 : 0;
}

}  // namespace pomona
