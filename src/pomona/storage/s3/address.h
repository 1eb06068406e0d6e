#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>

#include "pomona/storage/s3/settings.h"

namespace pomona {

/// The HTTP end of a bucket. A value.
struct S3Address {
  std::string base_url;     ///< "https://bucket.s3.eu-west-1.amazonaws.com"
  std::string host;         ///< as in the Host header: without the scheme's default port
  std::string bucket_path;  ///< "" where the host names the bucket, else "/bucket"
  std::string region;       ///< to sign for
  bool is_aws = false;
  bool is_loopback = false;  ///< this machine: no proxy leads there

  /// The path of a key as it is sent and signed; of the bucket where `key` is empty.
  std::string PathOf(std::string_view key) const;
};

/// Parts of "arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME".
struct AccessPointArn {
  std::string partition;
  std::string region;
  std::string account;
  std::string name;

  /// "NAME-ACCOUNT": what stands where a bucket's name stands in a host name.
  std::string bucket() const { return name + "-" + account; }
  /// "s3-accesspoint.REGION.amazonaws.com"
  std::string endpoint_host() const;

  /// Invalid: not an ARN of an S3 access point (those of several regions and of Object Lambda
  /// need another signature).
  static arrow::Result<AccessPointArn> Parse(std::string_view text);
};

/// True for what Uri takes as the bucket although it is an ARN.
bool IsArn(std::string_view bucket);

/// True for what can be a region of AWS: lower-case letters, digits and hyphens. It becomes part of
/// a host name and of a header, so that what a server calls a region must pass here first.
bool IsRegionName(std::string_view region);

/// `bucket`: a bucket, an access point alias or ARN. `region`: where it is; that of an ARN is
/// its own. On AWS the host names the bucket, except where dots or capitals in it would not
/// fit a certificate; at an endpoint of one's own the path does.
/// Invalid: no possible name of a bucket or of a region.
arrow::Result<S3Address> FindS3Address(const S3Settings& settings, const std::string& bucket,
                                       const std::string& region);

/// "amazonaws.com", or its like in other partitions.
std::string AwsDomain(std::string_view region);

}  // namespace pomona
