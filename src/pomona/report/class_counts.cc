#include "pomona/report/class_counts.h"

#include <fmt/format.h>

#include <algorithm>

namespace pomona {

std::optional<ClassCounts> CountClasses(const ReportRows& rows, Remarks* remarks) {
  const size_t splits = std::max<size_t>(rows.splits.size(), 1);
  ClassCounts counts;
  counts.count.assign(rows.labels.size() * splits, 0);
  std::vector<int64_t> total(rows.labels.size());
  int64_t labelled = 0, no_split = 0;
  for (size_t r = 0; r < rows.label.size(); ++r) {
    if (rows.label[r] < 0) continue;
    ++labelled;
    const auto label = static_cast<size_t>(rows.label[r]);
    ++total[label];
    if (!rows.splits.empty() && rows.split[r] < 0) {
      ++no_split;
    } else {
      ++counts
            .count[label * splits + (rows.splits.empty() ? 0 : static_cast<size_t>(rows.split[r]))];
    }
  }
  const auto unlabelled = static_cast<int64_t>(rows.label.size()) - labelled;
  if (unlabelled > 0 && labelled > 0) {
    remarks->push_back({"classes", fmt::format("{} rows have no label", unlabelled)});
  }
  if (no_split > 0) {
    remarks->push_back(
        {"classes", fmt::format("{} rows are of no split, and not counted by split", no_split)});
  }
  if (labelled == 0) {
    if (rows.matrix.label != nullptr) remarks->push_back({"classes", "no row has a label"});
    return std::nullopt;
  }
  int64_t least = 0, most = 0;
  for (size_t label = 0; label < total.size(); ++label) {
    // What was predicted alone has no rows.
    if (total[label] == 0) continue;
    least = least == 0 ? total[label] : std::min(least, total[label]);
    most = std::max(most, total[label]);
    const auto first = counts.count.begin() + static_cast<int64_t>(label * splits);
    const auto in = std::count_if(first, first + static_cast<int64_t>(splits),
                                  [](int32_t count) { return count > 0; });
    if (splits > 1 && in == 1) counts.alone.push_back(static_cast<int32_t>(label));
  }
  counts.ratio = static_cast<double>(most) / static_cast<double>(least);
  return counts;
}

}  // namespace pomona
