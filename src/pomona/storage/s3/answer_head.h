#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pomona {

/// The lines of an answer's head that a request wants.
struct S3AnswerHead {
  long status = 0;       ///< 0: no answer yet
  int64_t length = -1;   ///< of the body; -1: not told
  std::string etag;      ///< its opaque part; empty: not told
  std::string region;    ///< of the bucket, as the server spells it; empty: not told
  std::string date;      ///< when it was made, by the server's clock; empty: not told
  std::string checksum;  ///< x-amz-checksum-sha256; empty: not told

  /// Returns to what it was before the first line.
  void Clear();

  /// One line, without its end.
  void Read(std::string_view line);
};

}  // namespace pomona
