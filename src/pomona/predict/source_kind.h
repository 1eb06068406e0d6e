#pragma once

#include <arrow/result.h>

#include "pomona/list.h"

namespace pomona {

/// Whether a source is a feature table rather than images: a file that begins as Parquet does; a
/// folder with `_SUCCESS` or `_pomona` in it; a folder without an image (of `list`) whose first
/// file is Parquet. What is not there counts as images: their listing says so. Cost: three looks,
/// and a page of the listing. Invalid: a folder that holds neither.
arrow::Result<bool> IsFeatureTable(const ListOptions& list);

}  // namespace pomona
