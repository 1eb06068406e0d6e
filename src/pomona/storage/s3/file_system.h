#pragma once

#include <arrow/result.h>

#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// OpenFileSystem for S3: Arrow's client. Path: "bucket/key".
arrow::Result<FileLocation> OpenS3FileSystem(const Uri& uri, const StorageOptions& storage);

}  // namespace pomona
