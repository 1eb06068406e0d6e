#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/features/feature_table.h"

namespace pomona {

/// A file of comma-separated numbers as a table with one column, `column`: fixed_size_list<double>.
/// The first line is names if any of its fields is no number. Errors: IOError; Invalid where a
/// field is no number, or a line has another count of them.
arrow::Result<std::unique_ptr<FeatureTable>> OpenCsvMatrix(
    const std::shared_ptr<arrow::fs::FileSystem>& filesystem, const arrow::fs::FileInfo& file,
    const std::string& column);

}  // namespace pomona
