#include "pomona/report/page_data.h"

#include <algorithm>
#include <unordered_set>

namespace pomona {

int64_t PagePoints::Find(int64_t row) const {
  const auto at = std::ranges::lower_bound(rows, row);
  return at != rows.end() && *at == row ? at - rows.begin() : -1;
}

void PagePoints::Keep(std::vector<int64_t> kept) {
  PagePoints left;
  for (const int64_t row : kept) {
    if (x.empty()) break;
    const auto at = static_cast<size_t>(Find(row));
    left.x.push_back(x[at]);
    left.y.push_back(y[at]);
  }
  left.rows = std::move(kept);
  *this = std::move(left);
}

std::vector<int64_t> PageData::ShownRows() const {
  std::vector<int64_t> shown;
  std::unordered_set<int64_t> seen;
  const auto take = [&](int64_t row) {
    if (seen.insert(row).second) shown.push_back(row);
  };
  const auto first = [](const auto& all, size_t most) {
    return std::span(all).first(std::min(all.size(), most));
  };
  if (duplicates) {
    for (const DuplicatePair& pair : first(duplicates->pairs, kMostPairs)) {
      take(pair.a);
      take(pair.b);
    }
  }
  if (wrong) {
    for (const int64_t row : wrong->mistakes) take(row);
    for (const auto& issue : wrong->issues) take(issue.row);
    for (const int64_t row : wrong->doubtful) take(row);
  }
  if (compare) {
    for (const int64_t row : first(compare->changed, kMostExamples)) take(row);
    for (const int64_t row : first(compare->added, kMostExamples)) take(row);
  }
  return shown;
}

}  // namespace pomona
