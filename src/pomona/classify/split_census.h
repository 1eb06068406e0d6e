#pragma once

#include <cstdint>
#include <vector>

#include "pomona/classify/split_table.h"
#include "pomona/split.h"

namespace pomona {

/// Rows that are told apart. Views: for the time of a call.
struct ToldRows {
  const SplitTable& table;
  const std::vector<SplitPart>& part;  ///< [rows]
  const std::vector<int32_t>& fold;    ///< [rows]; -1 where there is none
};

/// Counts what was told apart, and says what to know of it. The names of files and the version stay
/// empty. Cost: one pass, and a count for each label of each fold.
SplitReport TakeCensus(const ToldRows& told, const SplitOptions& options);

}  // namespace pomona
