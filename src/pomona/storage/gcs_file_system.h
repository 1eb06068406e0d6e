#pragma once

#include <arrow/result.h>

#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// OpenFileSystem for Google Cloud Storage: Arrow's client. Path: "bucket/name".
///
/// Application default credentials; none for "gs://anonymous@bucket", and none for the server
/// that the SDK's own variable CLOUD_STORAGE_EMULATOR_ENDPOINT ("http://host:port") names. What
/// may pass is tried again for StorageOptions::request_timeout in all, a request of Arrow.
arrow::Result<FileLocation> OpenGcsFileSystem(const Uri& uri, const StorageOptions& storage);

}  // namespace pomona
