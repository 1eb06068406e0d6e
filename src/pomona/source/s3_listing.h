#pragma once

#include <arrow/result.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/source/s3_client.h"
#include "pomona/source/source.h"

namespace pomona {

/// One answer of ListObjectsV2.
struct S3Page {
  struct Object {
    std::string key;
    int64_t size = 0;
    int64_t mtime_us = 0;
    std::string etag;  ///< without quotes
  };
  std::vector<Object> objects;
  std::string continuation_token;  ///< empty: the last page

  /// IOError: not such an answer.
  static arrow::Result<S3Page> Parse(std::string_view xml);
};

/// "2009-10-12T17:50:30.000Z" in microseconds since the epoch; 0 if it is no such time.
int64_t ParseS3Time(const std::string& text);

/// The objects below `prefix` as if it were a folder, or the one object of that key: a
/// thousand a request, one page ahead of the reader. Keys that end in "/" stand for folders
/// and are left out. IOError if there is no such bucket or prefix, or it may not be listed.
arrow::Result<std::unique_ptr<Listing>> OpenS3Listing(std::shared_ptr<S3Client> client,
                                                      const std::string& bucket,
                                                      const std::string& prefix);

}  // namespace pomona
