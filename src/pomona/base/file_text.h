#pragma once

#include <arrow/result.h>

#include <string>

namespace pomona {

/// What is in a small local file, or comes out of a pipe. IOError says why it cannot be read, a
/// folder included.
arrow::Result<std::string> FileText(const std::string& path);

}  // namespace pomona
