#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "pomona/report/report_rows.h"

namespace pomona {

/// Two rows of one set of duplicates.
struct DuplicatePair {
  int64_t a = 0, b = 0;  ///< rows, the lower first
  double distance = 0;   ///< cosine, by the last layer
  bool exact = false;    ///< equal bit for bit
  bool across_splits = false, across_labels = false;
};

/// What is there more than once.
struct PageDuplicates {
  double threshold = 0;
  int64_t sets = 0, exact_sets = 0;
  int64_t across_splits = 0, across_labels = 0;  ///< sets that hold more than one
  /// The first row of each set with each of its others. In turn one of differing labels, one of
  /// differing splits and one of neither, each kind the nearest first: so a beginning shows all.
  std::vector<DuplicatePair> pairs;
};

/// Finds them. Nothing, with a remark, where the rows do not permit it.
arrow::Result<std::optional<PageDuplicates>> FindPageDuplicates(const ReportRows& rows, int threads,
                                                                const arrow::StopToken& stop,
                                                                Remarks* remarks);

}  // namespace pomona
