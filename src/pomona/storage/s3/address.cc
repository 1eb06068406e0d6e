#include "pomona/storage/s3/address.h"

#include <algorithm>
#include <vector>

#include "pomona/shown_text.h"
#include "pomona/storage/s3/encoding.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

bool IsNameChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool FitsHostName(std::string_view bucket) {
  return std::all_of(bucket.begin(), bucket.end(), IsNameChar);
}

// Wide enough for the names of old buckets and of other servers; nothing that means
// something in a URL.
bool IsBucketName(std::string_view bucket) {
  return !bucket.empty() && bucket != "." && bucket != ".." &&
         std::all_of(bucket.begin(), bucket.end(), [](char c) {
           return IsNameChar(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
         });
}

bool IsLoopback(std::string_view host) {
  if (host.starts_with("[::1]")) return true;
  const std::string_view name = host.substr(0, host.rfind(':'));
  return name == "localhost" || name.ends_with(".localhost") || name.starts_with("127.");
}

S3Address AtEndpoint(const std::string& endpoint) {
  S3Address address;
  const size_t scheme = endpoint.find("://") + 3;
  address.host = endpoint.substr(scheme);
  const std::string port = endpoint.starts_with("https") ? ":443" : ":80";
  if (address.host.ends_with(port) && !address.host.ends_with(":" + port)) {
    address.host.resize(address.host.size() - port.size());
  }
  address.base_url = endpoint.substr(0, scheme) + address.host;
  address.is_loopback = IsLoopback(address.host);
  return address;
}

void NameBucketInHost(const std::string& bucket, S3Address* address) {
  const size_t scheme = address->base_url.find("://") + 3;
  address->host.insert(0, bucket + ".");
  address->base_url = address->base_url.substr(0, scheme) + address->host;
}

}  // namespace

bool IsRegionName(std::string_view region) {
  constexpr size_t kLongest = 63;  // of a part of a host name
  return !region.empty() && region.size() <= kLongest && FitsHostName(region);
}

bool IsArn(std::string_view bucket) { return bucket.starts_with("arn:"); }

std::string AwsDomain(std::string_view region) {
  if (region.starts_with("cn-")) return "amazonaws.com.cn";
  if (region.starts_with("eusc-")) return "amazonaws.eu";
  return "amazonaws.com";
}

std::string AccessPointArn::endpoint_host() const {
  return "s3-accesspoint." + region + "." + AwsDomain(region);
}

Result<AccessPointArn> AccessPointArn::Parse(std::string_view text) {
  const auto refuse = [&](const char* why) {
    return Status::Invalid("not the ARN of an S3 access point: ", ShownText(text), ": ", why,
                           "\nhint: arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME");
  };
  std::vector<std::string_view> parts;
  std::string_view rest = text;
  while (parts.size() < 5) {
    const size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return refuse("too few parts");
    parts.push_back(rest.substr(0, colon));
    rest.remove_prefix(colon + 1);
  }
  constexpr std::string_view kKind = "accesspoint";
  if (parts[2] != "s3") return refuse("its service is not s3");
  if (parts[3].empty()) return refuse("access points of several regions are not supported");
  if (!rest.starts_with(kKind) || rest.size() < kKind.size() + 2 ||
      (rest[kKind.size()] != '/' && rest[kKind.size()] != ':')) {
    return refuse("no accesspoint/NAME");
  }
  const std::string_view name = rest.substr(kKind.size() + 1);
  if (!FitsHostName(name) || !IsRegionName(parts[3]) || !FitsHostName(parts[4]) ||
      parts[4].empty()) {
    return refuse("a part holds other characters than a-z, 0-9 and -");
  }
  return AccessPointArn{std::string(parts[1]), std::string(parts[3]), std::string(parts[4]),
                        std::string(name)};
}

Result<S3Address> FindS3Address(const S3Settings& settings, const std::string& bucket,
                                const std::string& region) {
  if (IsArn(bucket)) {
    ARROW_ASSIGN_OR_RAISE(const AccessPointArn arn, AccessPointArn::Parse(bucket));
    S3Address address = AtEndpoint(settings.endpoint.empty() ? "https://" + arn.endpoint_host()
                                                             : settings.endpoint);
    NameBucketInHost(arn.bucket(), &address);
    address.region = arn.region;
    address.is_aws = settings.endpoint.empty();
    return address;
  }
  if (!IsBucketName(bucket)) {
    return Status::Invalid("not the name of a bucket: `", ShownText(bucket), "`");
  }
  const bool aws = settings.endpoint.empty();
  if (aws && !IsRegionName(region)) {
    return Status::Invalid("not the name of a region: `", ShownText(region), "`",
                           "\nhint: as eu-west-1");
  }
  S3Address address =
      AtEndpoint(aws ? "https://s3." + region + "." + AwsDomain(region) : settings.endpoint);
  if (aws && FitsHostName(bucket)) {
    NameBucketInHost(bucket, &address);
  } else {
    address.bucket_path = "/" + bucket;
  }
  address.region = region;
  address.is_aws = aws;
  return address;
}

std::string S3Address::PathOf(std::string_view key) const {
  std::string path = bucket_path;
  if (!key.empty() || path.empty()) path += '/';
  return path + S3EncodeKey(key);
}

}  // namespace pomona
