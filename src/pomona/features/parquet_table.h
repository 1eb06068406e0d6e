#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/features/feature_table.h"

namespace pomona {

/// Parquet files with the same columns as one table, in the order of `files`. Cost: reads each
/// file's footer, 16 at once. See FeatureTable::Open for the errors.
arrow::Result<std::unique_ptr<FeatureTable>> OpenParquetTable(
    std::shared_ptr<arrow::fs::FileSystem> filesystem, std::vector<arrow::fs::FileInfo> files,
    const std::string& column, int threads);

}  // namespace pomona
