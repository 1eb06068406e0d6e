#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>

#include "pomona/list.h"

namespace pomona {

/// The first images of a source, `most_bytes` at most but at least one: one column of binary.
/// Images that cannot be read, or are larger than `max_bytes`, are left out. Invalid if there are
/// none.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> FirstImages(const ListOptions& options,
                                                               int64_t most_bytes,
                                                               int64_t max_bytes);

/// The same shape, of images that are drawn here.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> DrawnImages();

}  // namespace pomona
