#include "pomona/classify/group_bootstrap.h"

#include <algorithm>
#include <cmath>

#include "pomona/base/random.h"

namespace pomona {
namespace {

constexpr int64_t kMostDrawnRows = 400'000'000;
constexpr int64_t kLeastDraws = 200;

double QuantileOfSorted(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

}  // namespace

int BootstrapDraws(int64_t rows, int wanted) {
  const int64_t most = std::max(kLeastDraws, kMostDrawnRows / std::max<int64_t>(1, rows));
  return static_cast<int>(std::min<int64_t>(wanted, most));
}

void DrawGroups(int32_t groups, int draws, uint64_t seed,
                const std::function<void(std::span<const int32_t>)>& each) {
  Random random(seed);
  std::vector<int32_t> times(static_cast<size_t>(groups));
  for (int draw = 0; draw < draws; ++draw) {
    std::fill(times.begin(), times.end(), 0);
    for (int32_t i = 0; i < groups; ++i) {
      ++times[static_cast<size_t>(random.Share() * groups)];
    }
    each(times);
  }
}

std::optional<Interval> PercentileInterval(std::vector<double> values) {
  if (values.size() < 2) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{QuantileOfSorted(values, 0.025), QuantileOfSorted(values, 0.975)};
}

}  // namespace pomona
