#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/features/feature_table.h"

namespace pomona {

/// The photos that a classifier will be asked about, as far as they are known: without labels.
struct TargetMean {
  std::vector<double> mean;  ///< [dim], of their features
  int64_t rows = 0;
  std::string made_of;  ///< FeatureTable::made_of
};

/// Reads them. Their features may be of another input size or precision than those of `learned`
/// (FeatureTable::made_of of the table that is learned from), but of the same network and tensors:
/// else Invalid. DamagedData: rows of another length than `dim`, a value that is not finite, no
/// rows. IOError, Cancelled.
arrow::Result<TargetMean> ReadTargetMean(FeatureTable& table, const std::string& column,
                                         const std::string& learned, int64_t dim,
                                         const arrow::StopToken& stop);

}  // namespace pomona
