#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "pomona/storage/s3/credentials.h"
#include "pomona/storage/s3/error.h"
#include "pomona/storage/s3/session.h"

namespace pomona {

/// Whether one request is tried again, and when: as StorageOptions says, with other credentials, or
/// where the bucket turned out to be. For the loop's thread. `session` must outlive it.
class S3Retry {
 public:
  S3Retry(S3Session* session, std::string bucket)
      : session_(*session), bucket_(std::move(bucket)) {}

  /// A try is being made in this region, with these credentials (null: unsigned).
  void Began(std::string region, std::shared_ptr<const S3Credentials> credentials);

  /// The delay before the next try, after this one failed with `error`; nullopt: there is no use in
  /// one.
  std::optional<std::chrono::milliseconds> DelayAfter(const S3Error& error);

 private:
  bool FollowRegion(const std::string& region);

  S3Session& session_;
  const std::string bucket_;
  std::string region_;
  std::shared_ptr<const S3Credentials> credentials_;
  int tries_ = 0;
  int region_changes_ = 0;
};

}  // namespace pomona
