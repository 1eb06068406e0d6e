#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// One answer of ListObjectsV2. A value.
struct S3Page {
  struct Object {
    std::string key;
    int64_t size = 0;
    int64_t mtime_us = 0;
    std::string etag;  ///< without quotes and weakness
  };
  std::vector<Object> objects;
  std::string continuation_token;  ///< empty: the last page

  /// IOError: not such an answer, or one that holds what no store says: an object without a key
  /// or with a key that is not UTF-8, a size that is no number, a listing that breaks off.
  static arrow::Result<S3Page> Parse(std::string_view xml);
};

/// "2009-10-12T17:50:30.000Z" in microseconds since the epoch; 0 if it is no such time.
int64_t ParseS3Time(std::string_view text);

}  // namespace pomona
