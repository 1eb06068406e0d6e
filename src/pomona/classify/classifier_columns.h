#pragma once

#include <arrow/array.h>
#include <arrow/result.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <cstdint>
#include <memory>

#include "pomona/classifier.h"
#include "pomona/classify/classifier_fields.h"

namespace pomona {

/// The columns of a classifier's file: docs/format/classifier.md. Of each target row i is of class
/// i, and has direction i of the projection.
std::shared_ptr<arrow::Schema> ClassifierSchema();

/// The rows of one target.
arrow::Result<std::shared_ptr<arrow::Table>> RowsOf(const Classifier& classifier);

/// Reads the rows of one target into `fields`, whose method and target are known. DamagedData: they
/// do not go together.
arrow::Status ReadRows(const arrow::Table& rows, int64_t rank, Classifier::Fields* fields);

}  // namespace pomona
