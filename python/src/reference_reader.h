#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>

namespace pomona::python {

/// References as an extractor wants them, from a stream that somebody else made: the columns of
/// ReferenceSchema by name, in any order, of any types that cast to it. Only `uri` must be there,
/// the others are null where they are missing; further columns are left out. Batches of 1,024 rows
/// at most. Invalid if there is no `uri`.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadReferences(
    std::shared_ptr<arrow::RecordBatchReader> reader);

}  // namespace pomona::python
