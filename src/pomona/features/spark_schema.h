#pragma once

#include <arrow/type.h>

#include <string>

#include "pomona/feature_format.h"

namespace pomona {

/// Spark's description (under kSparkRowMetadataKey) of a table whose
/// `column` was replaced by features in `format`: `before`, that of the table it was, with the
/// one field changed. Without `before`, or where it cannot be read, made of `schema`, as far as its
/// types are Spark's simple ones; empty if they are not.
std::string SparkSchemaAfter(const std::string& before, const arrow::Schema& schema,
                             const std::string& column, FeatureFormat format);

/// The same of a table of the columns of `schema`, each as `before` has it, or where that says
/// nothing of it, by its type.
std::string SparkSchemaOf(const std::string& before, const arrow::Schema& schema);

}  // namespace pomona
