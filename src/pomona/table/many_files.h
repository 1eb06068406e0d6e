#pragma once

#include <arrow/status.h>

#include <functional>
#include <string>
#include <vector>

#include "pomona/table/output_store.h"

namespace pomona {

/// Reads whole files, 32 at once, as each may be a round trip away, and gives them to `take` in the
/// order of `names`. The first error, of a read or of `take`, ends it: DamagedData if
/// a file is missing. Memory: 32 files.
arrow::Status ReadAll(const OutputStore& store, const std::vector<std::string>& names,
                      const std::function<arrow::Status(size_t index, std::string text)>& take);

/// Removes files, 32 at once. The first error ends it.
arrow::Status DeleteAll(OutputStore& store, const std::vector<std::string>& names);

}  // namespace pomona
