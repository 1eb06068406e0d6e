#include "pomona/linalg/near_groups.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "pomona/linalg/near_pairs.h"

namespace pomona {
namespace {

/// A forest whose roots are the lowest rows of their groups.
class JoinedRows {
 public:
  explicit JoinedRows(int64_t rows) : parent_(static_cast<size_t>(rows)) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }

  void Join(int32_t a, int32_t b) {
    a = RootOf(a);
    b = RootOf(b);
    if (a != b) at(std::max(a, b)) = std::min(a, b);
  }

  /// Afterwards each row names its root, until the next Join.
  void Flatten() {
    // A parent is lower than its child, so it is flat by then.
    for (int32_t& parent : parent_) parent = at(parent);
  }

  /// Of what Flatten left: two that are together are known to be joined.
  bool Together(int64_t a, int64_t b) const {
    return parent_[static_cast<size_t>(a)] == parent_[static_cast<size_t>(b)];
  }

  std::vector<int32_t> Take() { return std::move(parent_); }

 private:
  int32_t& at(int32_t row) { return parent_[static_cast<size_t>(row)]; }

  int32_t RootOf(int32_t row) {
    while (at(row) != row) row = at(row) = at(at(row));
    return row;
  }

  std::vector<int32_t> parent_;
};

void JoinZeros(const Rows& rows, JoinedRows* joined) {
  int64_t first = -1;
  for (int64_t i = 0; i < rows.count; ++i) {
    const float* row = rows.row(i);
    if (!std::all_of(row, row + rows.dim, [](float value) { return value == 0; })) continue;
    if (first < 0) first = i;
    joined->Join(static_cast<int32_t>(first), static_cast<int32_t>(i));
  }
}

}  // namespace

arrow::Result<std::vector<int32_t>> FindNearGroups(const Rows& rows, double most, int threads,
                                                   const arrow::StopToken& stop) {
  JoinedRows joined(rows.count);
  JoinZeros(rows, &joined);
  joined.Flatten();
  const auto apart = [&](int64_t a, int64_t b) { return !joined.Together(a, b); };
  const auto join = [&](std::span<const NearPair> found) {
    for (const NearPair& pair : found) joined.Join(pair.a, pair.b);
    if (!found.empty()) joined.Flatten();
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(SweepNearPairs(rows, most, threads, stop, apart, join));
  return joined.Take();
}

}  // namespace pomona
