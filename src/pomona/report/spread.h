#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

/// 0 to `count` - 1 in an order of which each beginning lies evenly among them: by their bits read
/// from the other end (van der Corput's sequence).
std::vector<int64_t> SpreadOrder(int64_t count);

/// Rows in an order of which each beginning has all labels alike, as far as they have rows, and of
/// each label rows that lie evenly among its own. label: [rows]; -1 is one of them. Memory: 24
/// bytes a row.
std::vector<int64_t> EvenByLabel(std::span<const int32_t> label);

}  // namespace pomona
