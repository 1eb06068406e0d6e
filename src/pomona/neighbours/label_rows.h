#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/features/feature_matrix.h"

namespace pomona {

/// Invalid unless `where` is empty or "label=NAME".
arrow::Status CheckWhere(const std::string& where);

/// The rows of the matrix, ascending, that `where` ("label=NAME") takes. `table` is for messages.
/// Invalid: there are no labels, or no such row; the message names some that there are.
arrow::Result<std::vector<int64_t>> RowsWhere(const FeatureMatrix& matrix, const std::string& where,
                                              const std::string& table);

/// These rows, as a matrix of their own.
std::vector<float> GatherRows(const FeatureMatrix& matrix, const std::vector<int64_t>& rows);

}  // namespace pomona
