#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/table/manifest.h"
#include "pomona/table/output_store.h"
#include "pomona/table/part_writer.h"

namespace pomona {

/// Reads one file of an output whole, as one batch whose columns have exactly the types that we
/// write, and which Arrow holds valid. `columns` empty: all. `uri` has no null.
/// DamagedData: no such file, another number of rows than recorded. IOError: storage.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadTableFile(
    const OutputStore& store, const FileRecord& file, const std::vector<std::string>& columns = {});

/// Writes `part` again without the references in `dropped` (row numbers, ascending) as its
/// next revision: no image is read, nothing is computed. The old files stay until the
/// returned record is in the manifest. `options`: id, generation and format are set here.
/// Memory: one part.
arrow::Result<PartRecord> RewriteWithout(OutputStore& store, const PartRecord& part,
                                         const std::vector<int64_t>& dropped,
                                         PartWriter::Options options);

}  // namespace pomona
