#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

namespace pomona {

/// What a shell makes of `pattern`: "*.{jpg,p{n,g}m}" becomes "*.jpg", "*.pnm", "*.pgm". Braces
/// without a comma, and braces and commas behind a backslash, stand for themselves.
/// Invalid: a range ("{1..9}"), more than 1,024 patterns.
arrow::Result<std::vector<std::string>> ExpandBraces(const std::string& pattern);

}  // namespace pomona
