#pragma once

#include <arrow/api.h>

#include <memory>
#include <string>
#include <string_view>

namespace pomona {

/// How a table holds features.
enum class FeatureFormat {
  kArray,   ///< list<float>: `array<float>` in Spark
  kVector,  ///< Spark ML's VectorUDT, dense, float64: what its estimators take. Twice the size.
};

std::string_view FeatureFormatName(FeatureFormat format);  ///< "array", "vector"
arrow::Result<FeatureFormat> ParseFeatureFormat(std::string_view name);

/// path utf8, label utf8, features: the columns of a part, all nullable as Spark's are.
std::shared_ptr<arrow::Schema> TableSchema(FeatureFormat format);

/// Spark's own description of those columns, for the footer key
/// `org.apache.spark.sql.parquet.row.metadata`: without it a vector reads as a struct.
std::string SparkRowMetadata(FeatureFormat format);

/// `features`: list<float>. Returns it in `format`; no copy for kArray.
arrow::Result<std::shared_ptr<arrow::Array>> FormatFeatures(
    const std::shared_ptr<arrow::Array>& features, FeatureFormat format);

}  // namespace pomona
