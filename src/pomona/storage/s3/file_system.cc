#include "pomona/storage/s3/file_system.h"

#include <arrow/filesystem/s3fs.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "pomona/storage/backoff.h"
#include "pomona/storage/s3/address.h"
#include "pomona/storage/s3/library.h"
#include "pomona/storage/s3/settings.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using arrow::fs::S3Options;

class FullJitter : public arrow::fs::S3RetryStrategy {
 public:
  explicit FullJitter(const StorageOptions& storage) : storage_(storage) {}

  bool ShouldRetry(const AWSErrorDetail& error, int64_t retries) override {
    return error.should_retry && retries + 1 < storage_.max_attempts;
  }
  int64_t CalculateDelayBeforeNextRetry(const AWSErrorDetail&, int64_t retries) override {
    return BackoffDelay(storage_, static_cast<int>(retries) + 1).count();
  }

 private:
  const StorageOptions storage_;
};

double Seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

S3Options WithCredentials(const StorageOptions& storage) {
  if (storage.s3_anonymous) return S3Options::Anonymous();
  if (!storage.s3_access_key.empty()) {
    return S3Options::FromAccessKey(storage.s3_access_key, storage.s3_secret_key,
                                    storage.s3_session_token);
  }
  return S3Options::Defaults();
}

}  // namespace

Result<FileLocation> OpenS3FileSystem(const Uri& uri, const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(S3Settings settings, S3Settings::Find(storage));
  // Refuses what is no bucket, before any request.
  ARROW_RETURN_NOT_OK(FindS3Address(settings, uri.authority, settings.region).status());
  ARROW_RETURN_NOT_OK(EnsureS3Library());

  S3Options options = WithCredentials(storage);
  options.connect_timeout = Seconds(storage.connect_timeout);
  options.request_timeout = Seconds(storage.request_timeout);
  options.retry_strategy = std::make_shared<FullJitter>(storage);
  options.allow_delayed_open = true;
  std::string bucket = uri.authority;
  if (IsArn(bucket)) {
    ARROW_ASSIGN_OR_RAISE(const AccessPointArn arn, AccessPointArn::Parse(bucket));
    bucket = arn.bucket();
    settings.region = arn.region;
    options.force_virtual_addressing = true;
    if (settings.endpoint.empty()) options.endpoint_override = arn.endpoint_host();
  } else if (settings.endpoint.empty() && settings.region_is_guess) {
    ARROW_ASSIGN_OR_RAISE(settings.region, arrow::fs::ResolveS3BucketRegion(bucket));
    if (!IsRegionName(settings.region)) {
      return Status::IOError("the server says that bucket ", bucket, " is in a region that is none",
                             "\nhint: set AWS_REGION");
    }
  }
  options.region = settings.region;
  if (!settings.endpoint.empty()) {
    const size_t scheme = settings.endpoint.find("://");
    options.scheme = settings.endpoint.substr(0, scheme);
    options.endpoint_override = settings.endpoint.substr(scheme + 3);
  }
  ARROW_ASSIGN_OR_RAISE(auto filesystem, arrow::fs::S3FileSystem::Make(options));
  std::string path = uri.path;
  while (path.ends_with('/')) path.pop_back();
  return FileLocation{std::move(filesystem), path.empty() ? bucket : bucket + "/" + path};
}

}  // namespace pomona
