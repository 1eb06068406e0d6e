#include "pomona/report/duplicate_pairs.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

#include "pomona/duplicates.h"
#include "pomona/linalg/row_distance.h"

namespace pomona {
namespace {

/// Whether both are known and differ.
bool Differ(const std::vector<int32_t>& of, int64_t a, int64_t b) {
  const int32_t one = of[static_cast<size_t>(a)], other = of[static_cast<size_t>(b)];
  return one >= 0 && other >= 0 && one != other;
}

DuplicatePair PairOf(const ReportRows& rows, int64_t a, int64_t b) {
  const auto one = rows.matrix.row(a), other = rows.matrix.row(b);
  return {.a = a,
          .b = b,
          .distance = RowDistance(RowMetric::kCosine, one.data(), other.data(), rows.matrix.dim),
          .exact = std::memcmp(one.data(), other.data(), one.size_bytes()) == 0,
          .across_splits = Differ(rows.split, a, b),
          .across_labels = Differ(rows.label, a, b)};
}

std::vector<DuplicatePair> InTurn(std::vector<DuplicatePair> pairs) {
  std::array<std::vector<DuplicatePair>, 3> kinds;
  for (const DuplicatePair& pair : pairs) {
    kinds[pair.across_labels ? 0 : pair.across_splits ? 1 : 2].push_back(pair);
  }
  for (auto& kind : kinds) {
    std::ranges::sort(kind, {}, [](const DuplicatePair& pair) {
      return std::tuple(pair.distance, pair.a, pair.b);
    });
  }
  const size_t count = pairs.size();
  pairs.clear();
  for (size_t turn = 0; pairs.size() < count; ++turn) {
    for (const auto& kind : kinds) {
      if (turn < kind.size()) pairs.push_back(kind[turn]);
    }
  }
  return pairs;
}

}  // namespace

arrow::Result<std::optional<PageDuplicates>> FindPageDuplicates(const ReportRows& rows, int threads,
                                                                const arrow::StopToken& stop,
                                                                Remarks* remarks) {
  const auto found = FindDuplicates(rows.view(), {.threads = threads, .stop = stop});
  ARROW_ASSIGN_OR_RAISE(const bool shows, Shows(found.status(), "duplicates", remarks));
  if (!shows) return std::nullopt;
  PageDuplicates duplicates;
  duplicates.threshold = kNearDuplicate;
  duplicates.sets = found->sets;
  duplicates.exact_sets = found->exact_sets;
  struct Set {
    int64_t first = -1;
    int32_t label = -1, split = -1;  ///< the first that is known
    bool across_labels = false, across_splits = false;
  };
  std::vector<Set> sets(static_cast<size_t>(found->sets));
  const auto see = [](int32_t seen, int32_t* known, bool* across) {
    if (*known < 0) *known = seen;
    *across = *across || (seen >= 0 && seen != *known);
  };
  std::vector<DuplicatePair> pairs;
  for (int64_t row = 0; row < rows.rows(); ++row) {
    const auto at = static_cast<size_t>(row);
    if (found->set[at] < 0) continue;
    Set& set = sets[static_cast<size_t>(found->set[at])];
    see(rows.label[at], &set.label, &set.across_labels);
    see(rows.split[at], &set.split, &set.across_splits);
    if (set.first < 0) {
      set.first = row;
    } else {
      pairs.push_back(PairOf(rows, set.first, row));
    }
  }
  for (const Set& set : sets) {
    duplicates.across_labels += set.across_labels ? 1 : 0;
    duplicates.across_splits += set.across_splits ? 1 : 0;
  }
  duplicates.pairs = InTurn(std::move(pairs));
  return duplicates;
}

}  // namespace pomona
