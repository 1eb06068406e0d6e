#pragma once

#include <arrow/status.h>

#include <chrono>
#include <string>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How to reach storage. The defaults are right on AWS and on a laptop: the
/// region, the endpoint and the credentials are found as the AWS SDK finds them.
struct StorageOptions {
  /// Base URL of another S3 server, "http://127.0.0.1:9000". Empty: AWS_ENDPOINT_URL, else AWS.
  std::string s3_endpoint;

  /// Empty: AWS_REGION, the profile, or what the bucket says.
  std::string s3_region;

  /// Explicit keys, for embedding (Spark passes what Hadoop is configured with).
  /// Empty: the SDK's credential chain (environment, profile, web identity, instance role).
  /// Never logged, never written.
  std::string s3_access_key;
  std::string s3_secret_key;
  std::string s3_session_token;

  /// Unsigned requests, for public buckets.
  bool s3_anonymous = false;

  /// Says with every listing and every read of an image that who asks pays for it: buckets whose
  /// readers pay refuse others. Tables are read and written by Arrow's client, which cannot say it.
  bool s3_requester_pays = false;

  /// Time to open a connection.
  std::chrono::milliseconds connect_timeout{5'000};

  /// Time for one request, from sending it to the last byte of its answer.
  std::chrono::milliseconds request_timeout{30'000};

  /// Tries of one request that fails for a reason that may pass (500, 503, reset,
  /// short body, time-out), the first included.
  int max_attempts = 8;

  /// The delay before try n+1 is random in [0, min(cap, base * 2^n)] ("full jitter").
  std::chrono::milliseconds backoff_base{50};
  std::chrono::milliseconds backoff_cap{10'000};

  /// Invalid names the field.
  arrow::Status Validate() const;
};

}  // namespace pomona
