#pragma once

#include <cstdint>
#include <vector>

#include "pomona/linalg/near_pairs.h"

namespace pomona {

/// Joins items by complete linkage: again and again the two sets whose farthest items are nearest,
/// as long as every two of their items are a pair. Of equal distances the sets of the lowest items
/// come first. `pairs`: each two items at most once, the lower first, in any order. Returns the
/// lowest item of each item's set. Cost: some 100 bytes and a microsecond a pair.
std::vector<int32_t> CompleteLinkage(int64_t items, const std::vector<NearPair>& pairs);

}  // namespace pomona
