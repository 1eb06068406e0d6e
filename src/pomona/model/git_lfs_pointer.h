#pragma once

#include <arrow/status.h>

#include <string>
#include <string_view>

namespace pomona {

/// Invalid, with what to do, where the `content` of `path` is a Git LFS pointer: a few lines of
/// text that stand for a file which was not fetched.
arrow::Status RefuseGitLfsPointer(const std::string& path, std::string_view content);

}  // namespace pomona
