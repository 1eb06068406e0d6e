#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <memory>
#include <string>
#include <string_view>

#include "pomona/storage/s3/caller.h"

namespace pomona {

/// The media type of what we write.
inline constexpr std::string_view kS3ObjectType = "application/octet-stream";

/// The PUT of an object, or with a query of a piece of one, with its checksum, which the store
/// holds against what comes there ("Checking object integrity" in the S3 user guide).
S3CallRequest S3PutRequest(std::string key, std::shared_ptr<arrow::Buffer> body);

/// Writes an object in one request. False: `only_new`, and there was one. Errors: as
/// S3Caller::TookPlace. Thread-safe.
arrow::Result<bool> PutS3Object(S3Caller* caller, const std::string& key,
                                std::shared_ptr<arrow::Buffer> body, const S3WriteOptions& options);

}  // namespace pomona
