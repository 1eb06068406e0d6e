#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/table/manifest.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// A part of which a file is not what the manifest says.
struct DamagedPart {
  int64_t index = 0;
  /// All columns of what it was asked for; nullptr: that is damaged, too.
  std::shared_ptr<arrow::RecordBatch> references;
  /// The images that it has rows of, as far as a file still says.
  std::vector<std::string> paths;
};

/// The parts that are damaged, by reading all of the table. IOError: the store cannot be read.
/// Memory: one part, and the references of those that are damaged.
arrow::Result<std::vector<DamagedPart>> FindDamage(const OutputStore& store,
                                                   const Manifest& manifest,
                                                   const arrow::StopToken& stop);

/// The references of a part as a listing gives them: a stream of ReferenceSchema.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> AsListing(
    const arrow::RecordBatch& references);

}  // namespace pomona
