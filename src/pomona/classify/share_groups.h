#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

/// Whether groups say what is alike. Where nearly each row (more than nine in ten) is a group of
/// its own, they do not.
inline bool SayWhatIsAlike(int64_t groups, int64_t rows) { return 10 * groups <= 9 * rows; }

/// Rows of each group, told by label: what groups are dealt by.
struct GroupLabels {
  struct Count {
    int32_t label;
    int64_t rows;
  };

  /// Counts the rows that `chosen` holds. group, label: [rows], numbers below `groups`, `labels`.
  /// Cost: a sort of the chosen rows.
  static GroupLabels Of(std::span<const int32_t> group, std::span<const int32_t> label,
                        std::span<const int64_t> chosen, int32_t groups, int32_t labels);

  std::span<const Count> of(int32_t group) const {
    const auto g = static_cast<size_t>(group);
    return std::span(counts).subspan(begin[g], begin[g + 1] - begin[g]);
  }

  int32_t groups = 0, labels = 0;
  std::vector<size_t> begin;  ///< [groups + 1], in `counts`
  std::vector<Count> counts;  ///< by group, then label
};

/// Deals whole groups to bins, so that each bin b has `shares[b]` of the rows of each label, and of
/// all rows, as nearly as whole groups permit. Groups come in an order shuffled by `seed`, the
/// largest first; each goes where the sum over labels, and over all rows as one more label, of
/// rows(bin)^2 / (share(bin) * rows) grows least: a greedy step towards the least chi-square. With
/// `first_has_all`, a group with a label that bin 0 does not have yet goes to bin 0.
///
/// shares: above 0. Returns [groups]: the bin, -1 for a group without rows. Cost: groups x bins.
std::vector<int32_t> ShareGroups(const GroupLabels& rows, std::span<const double> shares,
                                 bool first_has_all, uint64_t seed);

}  // namespace pomona
