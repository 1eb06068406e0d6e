#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pomona/report/report_rows.h"

namespace pomona {

/// How many rows each label has.
struct ClassCounts {
  std::vector<int32_t> count;  ///< [labels][splits]; [labels] where there is no split
  std::vector<int32_t>
      alone;         ///< labels all of whose rows are of one split, where there are several
  double ratio = 0;  ///< the largest over the smallest that has rows
};

/// Nothing where no row has a label. A remark on rows that no split has.
std::optional<ClassCounts> CountClasses(const ReportRows& rows, Remarks* remarks);

}  // namespace pomona
