#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/storage.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// A place in one of Arrow's filesystems.
struct FileLocation {
  std::shared_ptr<arrow::fs::FileSystem> filesystem;
  std::string path;  ///< as this filesystem wants it: "/a/b", "bucket/key"
};

/// The filesystem that `uri` lies in, for outputs of any kind and
/// for sources other than local folders and S3. S3 is set up from `storage` as for reading:
/// endpoint, region, keys, time-outs, retries with full jitter. The others find their credentials
/// and endpoints in the environment.
///
/// Cost: HDFS starts a Java machine, the first time; S3 asks for the bucket's region, if
/// nothing names it. `storage` was validated where it entered. IOError: the store cannot be
/// reached.
arrow::Result<FileLocation> OpenFileSystem(const Uri& uri, const StorageOptions& storage);

}  // namespace pomona
