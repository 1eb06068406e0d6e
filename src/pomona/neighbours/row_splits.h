#pragma once

#include <arrow/array.h>
#include <arrow/result.h>

#include <string>
#include <string_view>
#include <vector>

#include "pomona/storage.h"

namespace pomona {

/// The split that a path itself tells: its first folder called training, train, validation, val or
/// test, in lower case and without synonyms ("training", "validation", "test"); empty: none.
std::string SplitOfPath(std::string_view path);

/// Those of all rows of `path`, by a Parquet file with the text columns `path` and `split`; empty
/// where the file has null. Invalid: it lacks a column, a path of the table, or names one twice.
/// DamagedData, IOError.
arrow::Result<std::vector<std::string>> ReadSplits(const std::string& file,
                                                   const arrow::StringArray& path,
                                                   const StorageOptions& storage);

}  // namespace pomona
