#pragma once

#include <cstdint>
#include <vector>

#include "pomona/neighbors.h"

namespace pomona {

/// Which rows draw each other: each row shares 1 / rows evenly among its neighbours, and two rows
/// draw each other by the mean of what they give, so that all weights add up to 1. Who of row i is
/// in [first[i], first[i + 1]), by number.
struct NeighborGraph {
  std::vector<int64_t> first;  ///< [rows + 1]
  std::vector<int32_t> to;     ///< ascending within a row
  std::vector<float> weight;
};

/// Memory: 24 bytes a neighbour.
NeighborGraph GraphOf(const Neighbors& neighbors, int64_t rows);

}  // namespace pomona
