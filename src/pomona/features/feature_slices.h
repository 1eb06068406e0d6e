#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// What is where in a row, as FeatureTable::made_of says; one slice without a name where it says
/// nothing. DamagedData: they do not add up to `dim`.
arrow::Result<std::vector<FeatureSlice>> FeatureSlicesOf(const std::string& made_of, int64_t dim);

/// Features of a row, one after the other.
struct FeatureRange {
  int64_t first = 0, count = 0;
};

/// Those of the last layer, where a row has features of several: by these pictures are compared, as
/// the numbers of early maps are large and alike in all of them. All `dim` where there is one layer
/// alone. DamagedData: see FeatureSlicesOf.
arrow::Result<FeatureRange> LastLayerOf(const std::string& made_of, int64_t dim);

}  // namespace pomona
