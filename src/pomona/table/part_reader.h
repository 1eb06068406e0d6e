#pragma once

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/table/manifest.h"
#include "pomona/table/output_store.h"
#include "pomona/table/part_writer.h"

namespace pomona {

/// Reads one file of an output whole, as one batch whose columns have exactly the types that we
/// write, and which Arrow holds valid, once its bytes are those that were recorded: their number
/// and SHA-256. The footer's keys are the metadata of its schema. `columns` empty: all. `uri` has
/// no null. DamagedData: other bytes or rows than recorded. IOError: storage. Memory: the file, up
/// to 256 MiB, beside the batch; a larger one is read twice.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadTableFile(
    const OutputStore& store, const FileRecord& file, const std::vector<std::string>& columns = {});

/// Proves that the file is the one that was recorded, byte for byte, whatever it holds.
/// DamagedData: it is not, or is missing. IOError: storage. Memory: none that grows with the file.
arrow::Status ProveFile(const OutputStore& store, const FileRecord& file);

/// Writes `part` again without the references in `dropped` (row numbers, ascending) as its
/// files of another epoch: no image is read, nothing is computed. The old files stay until the
/// returned record is in the manifest. `options`: number and generation are set here; of `rows`
/// only the columns count.
/// Memory: a row group of the part, and its references.
arrow::Result<PartRecord> RewriteWithout(OutputStore& store, const PartRecord& part,
                                         const std::vector<int64_t>& dropped,
                                         PartWriter::Options options);

}  // namespace pomona
