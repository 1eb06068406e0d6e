#include "pomona/storage/s3/library.h"

#include <arrow/filesystem/s3fs.h>

#include <atomic>
#include <cstdlib>

#include "pomona/storage/instance_metadata.h"

namespace pomona {

namespace {
std::atomic<bool> metadata_is_deaf{false};
}  // namespace

bool MetadataServerIsDeaf() { return metadata_is_deaf; }

arrow::Status EnsureS3Library() {
  static const arrow::Status started = [] {
    metadata_is_deaf = !ProbeInstanceMetadata();
    // pyarrow may have been first, in the same process; then the end is its business too,
    // and ours finds it done.
    if (!arrow::fs::IsS3Initialized()) {
      auto options = arrow::fs::S3GlobalOptions::Defaults();
      options.log_level = arrow::fs::S3LogLevel::Off;
      ARROW_RETURN_NOT_OK(arrow::fs::InitializeS3(options));
    }
    // Arrow makes some statics of its own with the first client. They must be older than the
    // end we arrange here, which uses them. No request is sent.
    auto options = arrow::fs::S3Options::Anonymous();
    options.region = "us-east-1";
    ARROW_RETURN_NOT_OK(arrow::fs::S3FileSystem::Make(options).status());
    std::atexit([] { static_cast<void>(arrow::fs::EnsureS3Finalized()); });
    return arrow::Status::OK();
  }();
  return started;
}

}  // namespace pomona
