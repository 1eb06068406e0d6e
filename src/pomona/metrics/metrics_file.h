#pragma once

#include <string>
#include <string_view>

#include <arrow/status.h>

namespace pomona {

/// Replaces the local file `path` by `text` in one step: who reads it sees the old or the new one,
/// never a part. "PATH.tmp" is there in between. IOError says what the system said.
arrow::Status ReplaceFile(const std::string& path, std::string_view text);

}  // namespace pomona
