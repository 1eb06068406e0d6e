#pragma once

#include <optional>

#include "pomona/classify/near_twins.h"
#include "pomona/classify/split_table.h"
#include "pomona/split.h"

namespace pomona {

/// Counts what was told apart, and says what to know of it. `twins`: nothing where they were not
/// looked for. The names of files and the version stay empty. Cost: one pass, and a count for each
/// label of each fold.
SplitReport TakeCensus(const ToldRows& told, const std::optional<NearTwins>& twins,
                       const SplitOptions& options);

}  // namespace pomona
