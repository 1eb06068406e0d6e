#pragma once

#include <arrow/result.h>

#include <string_view>
#include <vector>

#include "pomona/split.h"

namespace pomona {

/// What a data set's own folders say of each path: the last folder that is called train, training,
/// test, testing, val, valid or validation, in any case. Validation is kCalibration where a path
/// has a test folder, else kTest. Invalid: paths without such a folder; counts them, names one.
arrow::Result<std::vector<SplitPart>> OfficialParts(const std::vector<std::string_view>& paths);

}  // namespace pomona
