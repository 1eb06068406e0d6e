#include "pomona/projection/neighbor_graph.h"

#include <algorithm>
#include <numeric>

namespace pomona {

NeighborGraph GraphOf(const Neighbors& neighbors, int64_t rows) {
  const auto count = static_cast<size_t>(rows);
  // Both directions of each, then those that are there twice become one.
  std::vector<int64_t> first(count + 1);
  for (size_t i = 0; i < count; ++i) first[i + 1] += neighbors.k;
  for (const int64_t id : neighbors.ids) ++first[static_cast<size_t>(id) + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<int32_t> to(static_cast<size_t>(first.back()));
  std::vector<int64_t> end(first.begin(), first.end() - 1);
  for (size_t at = 0; at < neighbors.ids.size(); ++at) {
    const auto from = static_cast<int64_t>(at) / neighbors.k;
    const int64_t id = neighbors.ids[at];
    to[static_cast<size_t>(end[static_cast<size_t>(from)]++)] = static_cast<int32_t>(id);
    to[static_cast<size_t>(end[static_cast<size_t>(id)]++)] = static_cast<int32_t>(from);
  }
  NeighborGraph graph;
  graph.first.push_back(0);
  const auto share =
      static_cast<float>(0.5 / static_cast<double>(std::max<int64_t>(1, rows * neighbors.k)));
  for (size_t i = 0; i < count; ++i) {
    std::sort(to.begin() + first[i], to.begin() + first[i + 1]);
    for (int64_t at = first[i]; at < first[i + 1]; ++at) {
      const int32_t id = to[static_cast<size_t>(at)];
      if (at > first[i] && id == graph.to.back()) {
        graph.weight.back() += share;
      } else {
        graph.to.push_back(id);
        graph.weight.push_back(share);
      }
    }
    graph.first.push_back(static_cast<int64_t>(graph.to.size()));
  }
  return graph;
}

}  // namespace pomona
