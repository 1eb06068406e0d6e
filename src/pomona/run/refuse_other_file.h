#pragma once

#include <arrow/record_batch.h>
#include <arrow/status.h>

#include "pomona/storage.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// Invalid, with what it is, if `source` is one file and its first bytes are not those of an
/// image. `first`: the first references that were listed. A file that cannot be read is no matter
/// here: it becomes a reject. Cost: nothing where the source is more than a file, else one read.
arrow::Status RefuseOtherFile(const Uri& source, const StorageOptions& storage,
                              const arrow::RecordBatch& first);

}  // namespace pomona
