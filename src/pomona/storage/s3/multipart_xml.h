#pragma once

#include <arrow/result.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// A piece of an upload that the store has: what it called it, and what it is.
struct S3Part {
  std::string etag;
  std::string checksum;
};

/// What asks the store to put an upload together, of all parts in their order.
std::string S3CompletionXml(std::span<const S3Part> parts);

/// The upload that the store began. IOError: this says of none.
arrow::Result<std::string> ParseS3UploadId(std::string_view xml);

/// The checksum of what was put together; empty: not told.
std::string ParseS3CompletedChecksum(std::string_view xml);

/// One answer of ListMultipartUploads. A value.
struct S3UploadsPage {
  struct Upload {
    std::string key;
    std::string id;
  };
  std::vector<Upload> uploads;
  bool is_last = true;
  std::string next_key;  ///< where the next page begins
  std::string next_id;

  /// NotImplemented: not such an answer. IOError: an upload without a key or a name.
  static arrow::Result<S3UploadsPage> Parse(std::string_view xml);
};

}  // namespace pomona
