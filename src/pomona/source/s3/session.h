#pragma once

#include <arrow/result.h>

#include <atomic>
#include <ctime>
#include <memory>
#include <string>
#include <unordered_map>

#include "pomona/source/fetch_counts.h"
#include "pomona/source/s3/signer.h"
#include "pomona/storage.h"
#include "pomona/storage/s3/address.h"
#include "pomona/storage/s3/credentials.h"
#include "pomona/storage/s3/settings.h"

namespace pomona {

/// What the requests of one client share: where buckets are, who asks, and what it has cost.
/// Only the loop's thread uses it, but for `counts` and `reached`.
class S3Session {
 public:
  S3Session(const StorageOptions& storage, S3Settings settings,
            std::unique_ptr<S3CredentialSource> credentials);

  /// Valid as long as this session. Invalid: no such name of a bucket.
  arrow::Result<const S3Address*> AddressOf(const std::string& bucket);

  /// The bucket turned out to be in `region`, as a server says: ignored if that can be none.
  void Move(const std::string& bucket, const std::string& region);

  /// Now, as signatures want it.
  const std::string& Timestamp();

  const StorageOptions storage;
  const std::unique_ptr<S3CredentialSource> credentials;
  S3Signer signer;
  FetchCounts counts;
  std::atomic<bool> reached{false};  ///< a server has answered

 private:
  const S3Settings settings_;
  std::unordered_map<std::string, S3Address> addresses_;
  std::time_t timestamp_of_ = 0;
  std::string timestamp_;
};

}  // namespace pomona
