#pragma once

#include <arrow/buffer.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "pomona/storage/s3/error.h"

namespace pomona {

inline constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

/// A GET of an object, or of a bucket's listing.
struct S3Request {
  std::string bucket;                    ///< a name, an access point alias or ARN
  std::string key;                       ///< raw bytes; empty: the bucket
  std::string query;                     ///< encoded, sorted by name
  std::optional<int64_t> expected_size;  ///< else any
  std::string expected_etag;             ///< in any spelling; empty: any
  int64_t most_bytes = kNoLimit;         ///< of the body; more is an error

  bool IsObject() const { return !key.empty(); }
};

struct S3Response {
  std::optional<S3Error> error;
  std::shared_ptr<arrow::Buffer> body;  ///< null on an error
};

using S3Done = std::function<void(S3Response)>;

}  // namespace pomona
