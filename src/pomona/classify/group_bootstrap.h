#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "pomona/evaluation.h"

namespace pomona {

/// How often a bootstrap of `rows` rows draws, when `wanted` draws are asked for: fewer of more
/// than 200,000 rows, so that it takes seconds, but 200 at least.
int BootstrapDraws(int64_t rows, int wanted);

/// Draws as many groups as there are, with replacement, `draws` times, and calls `each` with how
/// often each group was drawn: [groups]. Whole groups: rows of one look alike, and would by
/// themselves make an interval that is too narrow. The same seed gives the same draws on every
/// machine. Cost: groups x draws.
void DrawGroups(int32_t groups, int draws, uint64_t seed,
                const std::function<void(std::span<const int32_t>)>& each);

/// The percentile interval of 95 % of such draws' values: their quantiles 0.025 and 0.975, between
/// values by a line, as numpy's. Nothing where there are fewer than two values.
std::optional<Interval> PercentileInterval(std::vector<double> values);

}  // namespace pomona
