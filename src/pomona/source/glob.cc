#include "pomona/source/glob.h"

#include <fnmatch.h>

namespace pomona {

arrow::Status Glob::Validate() const {
  if (patterns_.empty()) {
    return arrow::Status::Invalid("globs: at least one file name pattern is needed");
  }
  for (const std::string& pattern : patterns_) {
    if (pattern.empty()) return arrow::Status::Invalid("globs: a file name pattern is empty");
    if (pattern.find('/') != std::string::npos) {
      return arrow::Status::Invalid("globs: a pattern is matched against the file name alone: ",
                                    pattern, "\nhint: leave out the folder");
    }
  }
  return arrow::Status::OK();
}

bool Glob::Matches(const std::string& uri) const {
  const size_t slash = uri.rfind('/');
  const char* name = uri.c_str() + (slash == std::string::npos ? 0 : slash + 1);
  for (const std::string& pattern : patterns_) {
    if (fnmatch(pattern.c_str(), name, FNM_CASEFOLD) == 0) return true;
  }
  return false;
}

}  // namespace pomona
