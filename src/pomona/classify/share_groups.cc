#include "pomona/classify/share_groups.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "pomona/base/random.h"

namespace pomona {
namespace {

/// Growths of the sum that differ by less than this share are taken for equal, so that rounding,
/// which compilers do differently, decides nothing.
constexpr double kEqualShare = 1e-9;

int64_t RowsOf(std::span<const GroupLabels::Count> counts) {
  int64_t rows = 0;
  for (const auto& count : counts) rows += count.rows;
  return rows;
}

/// Groups with rows, the largest first, those of equal size in an order of chance.
std::vector<int32_t> DealingOrder(const GroupLabels& rows, uint64_t seed) {
  std::vector<int32_t> order;
  std::vector<int64_t> sizes(static_cast<size_t>(rows.groups));
  for (int32_t g = 0; g < rows.groups; ++g) {
    sizes[static_cast<size_t>(g)] = RowsOf(rows.of(g));
    if (sizes[static_cast<size_t>(g)] > 0) order.push_back(g);
  }
  Random random(seed);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.Next() % i]);
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return sizes[static_cast<size_t>(a)] > sizes[static_cast<size_t>(b)];
  });
  return order;
}

/// What the bins have so far.
class Bins {
 public:
  Bins(const GroupLabels& rows, std::span<const double> shares)
      : shares_(shares),
        labels_(static_cast<size_t>(rows.labels)),
        label_rows_(labels_, 0),
        have_(shares.size() * labels_, 0),
        all_(shares.size(), 0) {
    for (const auto& count : rows.counts) {
      label_rows_[static_cast<size_t>(count.label)] += static_cast<double>(count.rows);
      rows_ += static_cast<double>(count.rows);
    }
  }

  bool FirstLacksOneOf(std::span<const GroupLabels::Count> group) const {
    return std::any_of(group.begin(), group.end(), [&](const auto& count) {
      return have_[static_cast<size_t>(count.label)] == 0;
    });
  }

  size_t Best(std::span<const GroupLabels::Count> group) const {
    size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t bin = 0; bin < shares_.size(); ++bin) {
      const double growth = Growth(group, bin);
      if (growth < least * (1 - kEqualShare)) {
        least = growth;
        best = bin;
      }
    }
    return best;
  }

  void Add(std::span<const GroupLabels::Count> group, size_t bin) {
    for (const auto& count : group) {
      have_[bin * labels_ + static_cast<size_t>(count.label)] += static_cast<double>(count.rows);
      all_[bin] += static_cast<double>(count.rows);
    }
  }

 private:
  double Growth(std::span<const GroupLabels::Count> group, size_t bin) const {
    double growth = 0, size = 0;
    for (const auto& count : group) {
      const auto label = static_cast<size_t>(count.label);
      const auto rows = static_cast<double>(count.rows);
      growth += (2 * have_[bin * labels_ + label] + rows) * rows / label_rows_[label];
      size += rows;
    }
    growth += (2 * all_[bin] + size) * size / rows_;
    return growth / shares_[bin];
  }

  const std::span<const double> shares_;
  const size_t labels_;
  std::vector<double> label_rows_;  ///< [labels]
  std::vector<double> have_;        ///< [bins, labels]
  std::vector<double> all_;         ///< [bins]
  double rows_ = 0;
};

}  // namespace

GroupLabels GroupLabels::Of(std::span<const int32_t> group, std::span<const int32_t> label,
                            std::span<const int64_t> chosen, int32_t groups, int32_t labels) {
  std::vector<std::pair<int32_t, int32_t>> pairs;
  pairs.reserve(chosen.size());
  for (const int64_t row : chosen) {
    pairs.emplace_back(group[static_cast<size_t>(row)], label[static_cast<size_t>(row)]);
  }
  std::sort(pairs.begin(), pairs.end());
  GroupLabels rows;
  rows.groups = groups;
  rows.labels = labels;
  rows.begin.assign(static_cast<size_t>(groups) + 1, 0);
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i == 0 || pairs[i] != pairs[i - 1]) {
      rows.counts.push_back({pairs[i].second, 0});
      ++rows.begin[static_cast<size_t>(pairs[i].first) + 1];
    }
    ++rows.counts.back().rows;
  }
  std::partial_sum(rows.begin.begin(), rows.begin.end(), rows.begin.begin());
  return rows;
}

std::vector<int32_t> ShareGroups(const GroupLabels& rows, std::span<const double> shares,
                                 bool first_has_all, uint64_t seed) {
  std::vector<int32_t> bin_of(static_cast<size_t>(rows.groups), -1);
  Bins bins(rows, shares);
  for (const int32_t group : DealingOrder(rows, seed)) {
    const auto labels = rows.of(group);
    const size_t bin = first_has_all && bins.FirstLacksOneOf(labels) ? 0 : bins.Best(labels);
    bins.Add(labels, bin);
    bin_of[static_cast<size_t>(group)] = static_cast<int32_t>(bin);
  }
  return bin_of;
}

}  // namespace pomona
