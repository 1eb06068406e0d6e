#pragma once

#include <arrow/array.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>

namespace pomona {

/// A column of features in which each row that is none (FeatureRows::Make refuses it: another
/// length than `dim`, a value that is not finite) is null: itself where there is no such row.
/// `dim` 0: that of the first row that may be one. Adds to `unusable` how many became null.
arrow::Result<std::shared_ptr<arrow::Array>> NullUnusableRows(
    const std::shared_ptr<arrow::Array>& features, int64_t dim, int64_t* unusable);

}  // namespace pomona
