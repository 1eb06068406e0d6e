#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pomona {

/// How many numbers of a row come from each tensor and pooling, in their order, as
/// FeatureTable::made_of says; one slice of `dim` where it says nothing. DamagedData: they do not
/// add up to `dim`.
arrow::Result<std::vector<int64_t>> FeatureSliceLengths(const std::string& made_of, int64_t dim);

}  // namespace pomona
