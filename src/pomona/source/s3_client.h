#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pomona/source/s3_error.h"
#include "pomona/source/source.h"
#include "pomona/storage.h"

namespace pomona {

/// A GET of an object, or of a bucket's listing.
struct S3Request {
  std::string bucket;                    ///< a name, an access point alias or ARN
  std::string key;                       ///< raw bytes; empty: the bucket
  std::string query;                     ///< encoded, sorted by name
  std::optional<int64_t> expected_size;  ///< else any
  std::string expected_etag;             ///< without quotes; empty: any
};

struct S3Response {
  std::optional<S3Error> error;
  std::shared_ptr<arrow::Buffer> body;  ///< null on an error
};

/// Sends signed GETs, all from one thread, retries as StorageOptions says, finds the bucket's
/// region and renews credentials by itself. Thread-safe.
class S3Client {
 public:
  using Done = std::function<void(S3Response)>;

  /// `connections` >= 1: open at once, at most. IOError if there are no credentials.
  static arrow::Result<std::unique_ptr<S3Client>> Open(const StorageOptions& storage,
                                                       int connections);
  /// Waits for requests under way; delayed retries are given up.
  ~S3Client();

  /// Returns at once. `done` is called once on the client's thread and must not block.
  void Get(S3Request request, Done done);

  /// Of objects; listings are not counted, but for busy_ns.
  FetchCounters counters() const;

  /// False until a server has answered anything: what fails before that is a wrong endpoint
  /// rather than a bad moment.
  bool reached() const;

 private:
  class Impl;
  explicit S3Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
