#pragma once

#include <arrow/record_batch.h>

#include <memory>

#include "pomona/features/feature_table.h"

namespace pomona {

/// A table of rows that are in memory already, for what works on tables. It has no fingerprint, and
/// nothing is known of how its features were made. Messages call it "rows". What `rows` views must
/// live as long.
std::unique_ptr<FeatureTable> TableInMemory(std::shared_ptr<arrow::RecordBatch> rows);

}  // namespace pomona
