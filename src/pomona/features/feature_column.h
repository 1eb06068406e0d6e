#pragma once

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>

#include "pomona/feature_format.h"

namespace pomona {

/// The type of a feature column: list<float>, or what Spark ML's VectorUDT stores.
std::shared_ptr<arrow::DataType> FeatureColumnType(FeatureFormat format);

/// values: [rows, k], float64, row-major, as such a column without nulls: rounded to float32 as
/// kArray; the same memory as kVector.
arrow::Result<std::shared_ptr<arrow::Array>> FeatureColumn(
    const std::shared_ptr<arrow::Buffer>& values, int64_t rows, int64_t k, FeatureFormat format);

}  // namespace pomona
