#include "pomona/source/s3_library.h"

#include <arrow/filesystem/s3fs.h>

#include <cstdlib>

namespace pomona {

arrow::Status EnsureS3Library() {
  static const arrow::Status started = [] {
    // pyarrow may have been first, in the same process; then the end is its business too,
    // and ours finds it done.
    if (!arrow::fs::IsS3Initialized()) {
      auto options = arrow::fs::S3GlobalOptions::Defaults();
      options.log_level = arrow::fs::S3LogLevel::Off;
      ARROW_RETURN_NOT_OK(arrow::fs::InitializeS3(options));
    }
    // Runs before the destructors of Arrow's own statics, which are older than this call.
    std::atexit([] { arrow::fs::EnsureS3Finalized().Warn(); });
    return arrow::Status::OK();
  }();
  return started;
}

}  // namespace pomona
