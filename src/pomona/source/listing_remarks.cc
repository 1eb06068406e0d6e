#include <algorithm>
#include <cmath>
#include <utility>

#include "pomona/list.h"

namespace pomona {
namespace {

constexpr size_t kShown = 8;

std::string Counted(int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what;
}

/// "4 .bmp, 2 .txt, 1 without suffix": the most frequent first.
std::string SuffixList(const ListingSummary& summary) {
  std::vector<std::pair<std::string, int64_t>> most(summary.not_taken_by_suffix.begin(),
                                                    summary.not_taken_by_suffix.end());
  std::ranges::stable_sort(most, [](const auto& a, const auto& b) { return a.second > b.second; });
  if (most.size() > kShown) most.resize(kShown);
  std::string list;
  int64_t others = summary.not_taken;
  for (const auto& [suffix, count] : most) {
    if (!list.empty()) list += ", ";
    list += Counted(count, suffix.empty() ? "without suffix" : suffix);
    others -= count;
  }
  return others == 0 ? list : list + ", " + Counted(others, "others");
}

std::string NotTaken(const ListingSummary& summary) {
  const char* files = summary.not_taken == 1 ? "other file" : "other files";
  std::string line = Counted(summary.not_taken, files) + " not taken: " + SuffixList(summary);
  if (summary.not_taken_by_old_rule == 0) return line + "; option `glob` takes them";
  return line + "; today's rule would take " + std::to_string(summary.not_taken_by_old_rule) +
         " of them, but this table was begun before it: option `overwrite`, or another output, "
         "takes them";
}

/// "0.4 %", "under 0.1 %": never 0 % of some, nor 100 % of fewer than all.
std::string Share(int64_t some, int64_t all) {
  const double share = 100.0 * static_cast<double>(some) / static_cast<double>(all);
  if (share < 0.1) return "under 0.1 %";
  const auto tenths = static_cast<int64_t>(std::min(std::floor(share * 10), 999.0));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string Unlabelled(const ListingSummary& summary) {
  if (summary.unlabelled == summary.references) {
    return "no image has a label: option `label` finds none in " + summary.unlabelled_example;
  }
  return Counted(summary.unlabelled, "of ") + std::to_string(summary.references) + " images (" +
         Share(summary.unlabelled, summary.references) +
         ") have no label: option `label` finds none in " + summary.unlabelled_example;
}

}  // namespace

std::vector<std::string> ListingSummary::Remarks() const {
  std::vector<std::string> remarks;
  if (not_taken > 0) remarks.push_back(NotTaken(*this));
  if (unlabelled > 0) remarks.push_back("warning: " + Unlabelled(*this));
  return remarks;
}

}  // namespace pomona
