#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>
#include <vector>

#include "pomona/source/source.h"

namespace pomona {

/// Fetches the images of `references` (ReferenceSchema()) all at once, and waits for them: a few.
/// In their order; an image's own trouble is its status. Errors: an address that is none.
arrow::Result<std::vector<arrow::Result<std::shared_ptr<arrow::Buffer>>>> FetchRows(
    Source& source, const arrow::RecordBatch& references, int64_t max_bytes);

}  // namespace pomona
