#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/storage.h"

namespace pomona {

/// Where S3 is, found as the AWS SDK finds it. A value.
struct S3Settings {
  std::string endpoint;  ///< "http://127.0.0.1:9000", without a slash at the end; empty: AWS
  std::string region;    ///< "us-east-1" where nothing else is known
  bool region_is_guess = false;  ///< nobody named the region: the bucket may say another one

  /// The first that is set of: `storage`; AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile;
  /// AWS_REGION, AWS_DEFAULT_REGION, the profile. The profile is AWS_PROFILE (else "default")
  /// in AWS_CONFIG_FILE (else ~/.aws/config). Invalid: an endpoint that is not a URL of a host, a
  /// region that cannot be one.
  static arrow::Result<S3Settings> Find(const StorageOptions& storage);
};

/// The value of `key` in the section of `profile` in an AWS config file's text; empty if none.
std::string AwsConfigValue(const std::string& text, const std::string& profile,
                           const std::string& key);

}  // namespace pomona
