#pragma once

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "pomona/feature_format.h"

#include <memory>
#include <string>

namespace pomona {

/// path utf8, label utf8, features, and where asked for views, a list of structs of a view's name
/// and its features (list<float> in either format): the columns of a part, all nullable as Spark's
/// are.
std::shared_ptr<arrow::Schema> TableSchema(FeatureFormat format, bool views = false);

/// Footer key of Spark's own description of a file's columns.
inline constexpr char kSparkRowMetadataKey[] = "org.apache.spark.sql.parquet.row.metadata";

/// What a file of these columns has under that key: without it a vector reads as a struct. Empty
/// where Spark has no such type.
std::string SparkRowMetadata(const arrow::Schema& schema);

/// `features`: list<float>. Returns it in `format`; no copy for kArray.
arrow::Result<std::shared_ptr<arrow::Array>> FormatFeatures(
    const std::shared_ptr<arrow::Array>& features, FeatureFormat format);

}  // namespace pomona
