#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// Which column of features to read, and how.
struct ReadFeaturesOptions {
  /// A folder of Parquet files, or one such file, local or a URI. Names that begin with `_` or
  /// `.` are skipped.
  std::string table;

  /// The column that holds the features.
  std::string column = "features";

  /// Row groups decoded at once. 0: as many as this process has cores.
  int threads = 1;

  StorageOptions storage;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// Streams that column of a stored table, in the order of its rows, as it is stored: what
/// PcaStatistics::Update takes. Batches have 1,024 rows at most. What is decoded ahead is at most
/// 48 MiB a thread. Cost of the call: reads each file's footer, 16 at once, and
/// the manifest.
///
/// Errors: Invalid for an option, before any I/O; IOError: there is no such table; Invalid: no
/// Parquet, no such column or one of another type, a run of ours that is not finished; DamagedData:
/// a table of ours whose files are not those of its manifest, in name or size. The reader is for
/// one thread.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadFeatures(
    const ReadFeaturesOptions& options);

}  // namespace pomona
