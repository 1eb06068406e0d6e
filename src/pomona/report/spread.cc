#include "pomona/report/spread.h"

#include <algorithm>
#include <bit>
#include <map>

namespace pomona {

std::vector<int64_t> SpreadOrder(int64_t count) {
  std::vector<int64_t> order;
  order.reserve(static_cast<size_t>(count));
  const int bits = std::bit_width(static_cast<uint64_t>(std::max<int64_t>(count - 1, 0)));
  for (int64_t i = 0; i < int64_t{1} << bits; ++i) {
    int64_t reversed = 0;
    for (int b = 0; b < bits; ++b) reversed |= (i >> b & 1) << (bits - 1 - b);
    if (reversed < count) order.push_back(reversed);
  }
  return order;
}

std::vector<int64_t> EvenByLabel(std::span<const int32_t> label) {
  std::map<int32_t, std::vector<int64_t>> rows;
  for (size_t r = 0; r < label.size(); ++r) rows[label[r]].push_back(static_cast<int64_t>(r));
  std::vector<std::vector<int64_t>> by_label;
  for (const auto& [one, its] : rows) {
    auto& spread = by_label.emplace_back();
    for (const int64_t at : SpreadOrder(static_cast<int64_t>(its.size()))) {
      spread.push_back(its[static_cast<size_t>(at)]);
    }
  }
  std::vector<int64_t> order;
  order.reserve(label.size());
  for (size_t round = 0; order.size() < label.size(); ++round) {
    std::erase_if(by_label, [&](const auto& its) { return its.size() <= round; });
    for (const auto& its : by_label) order.push_back(its[round]);
  }
  return order;
}

}  // namespace pomona
