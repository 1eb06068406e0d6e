#pragma once

#include <arrow/result.h>

#include <memory>

#include "pomona/source/s3/request.h"
#include "pomona/source/source.h"
#include "pomona/storage.h"

namespace pomona {

/// Sends signed GETs, all from one thread, retries as StorageOptions says, finds the bucket's
/// region and renews credentials by itself. Thread-safe.
class S3Client {
 public:
  /// `connections` >= 1: open at once, at most. IOError if there are no credentials.
  static arrow::Result<std::unique_ptr<S3Client>> Open(const StorageOptions& storage,
                                                       int connections);
  /// Waits for requests under way; delayed retries are given up.
  ~S3Client();

  /// Returns at once. `done` is called once on the client's thread and must not block.
  void Get(S3Request request, S3Done done);

  /// Counts the GETs of objects; listings are not counted, but for busy_ns.
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
