#pragma once

#include <cstdint>
#include <span>

namespace pomona {

/// How few of `variance` [dim], descending, not negative, sum up to `share` (above 0 to 1) of all.
int64_t ComponentsForShare(std::span<const double> variance, double share);

}  // namespace pomona
