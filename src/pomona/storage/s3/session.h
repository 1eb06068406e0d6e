#pragma once

#include <arrow/result.h>

#include <atomic>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pomona/storage.h"
#include "pomona/storage/s3/address.h"
#include "pomona/storage/s3/credentials.h"
#include "pomona/storage/s3/settings.h"
#include "pomona/storage/s3/signer.h"
#include "pomona/storage/transport/header_list.h"

namespace pomona {

/// What the requests of one client share: where buckets are, who asks, and whether it is there.
/// The loop's thread alone uses it, but for `reached`.
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

  /// Signs a request in its head. `request.headers` hold, in any order, what it says besides what
  /// every request does; `lines` gets the lines of all of them and of the signature.
  void SignInHead(S3Signer::Request request, const S3Address& address,
                  const S3Credentials& credentials, HeaderList* lines);

  /// The same in the query, which is returned: the server refuses the request when `seconds` have
  /// passed since `timestamp` (S3Signer::Query).
  std::string SignInQuery(S3Signer::Request request, const S3Address& address,
                          const S3Credentials& credentials, std::string_view timestamp,
                          int64_t seconds, HeaderList* lines);

  const StorageOptions storage;
  const std::unique_ptr<S3CredentialSource> credentials;
  std::atomic<bool> reached{false};  ///< a server has answered

 private:
  void AddHeaders(const S3Address& address, S3Signer::Request* request, HeaderList* lines) const;

  const S3Settings settings_;
  S3Signer signer_;
  std::unordered_map<std::string, S3Address> addresses_;
  std::time_t timestamp_of_ = 0;
  std::string timestamp_;
};

}  // namespace pomona
