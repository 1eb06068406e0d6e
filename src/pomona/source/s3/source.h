#pragma once

#include <arrow/result.h>

#include <memory>

#include "pomona/source/source.h"

namespace pomona {

/// S3 and servers like it, through a client of our own: one GET an image, never a HEAD; an
/// object that changed since the listing is found in the GET's own answer.
/// IOError if there are no credentials.
arrow::Result<std::shared_ptr<Source>> OpenS3Source(const StorageOptions& storage, int fetches);

}  // namespace pomona
