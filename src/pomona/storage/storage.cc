#include "pomona/storage.h"

#include "pomona/shown_text.h"

namespace pomona {

using arrow::Status;

Status StorageOptions::Validate() const {
  if (!s3_endpoint.empty() && !s3_endpoint.starts_with("http://") &&
      !s3_endpoint.starts_with("https://")) {
    return Status::Invalid("s3_endpoint: not a URL: ", ShownUri(s3_endpoint),
                           "\nhint: http://host:port or https://host");
  }
  if (s3_access_key.empty() != s3_secret_key.empty()) {
    return Status::Invalid("s3_access_key and s3_secret_key: one of them is missing");
  }
  if (!s3_session_token.empty() && s3_access_key.empty()) {
    return Status::Invalid("s3_session_token: without s3_access_key and s3_secret_key");
  }
  if (s3_anonymous && !s3_access_key.empty()) {
    return Status::Invalid("s3_anonymous: together with s3_access_key");
  }
  if (s3_requester_pays && s3_anonymous) {
    return Status::Invalid(
        "s3_requester_pays: together with s3_anonymous: nobody could be charged");
  }
  if (connect_timeout.count() <= 0) {
    return Status::Invalid("connect_timeout: ", connect_timeout.count(), " ms");
  }
  if (request_timeout.count() <= 0) {
    return Status::Invalid("request_timeout: ", request_timeout.count(), " ms");
  }
  if (max_attempts < 1) return Status::Invalid("max_attempts: ", max_attempts);
  if (backoff_base.count() < 0) {
    return Status::Invalid("backoff_base: ", backoff_base.count(), " ms");
  }
  if (backoff_cap < backoff_base) {
    return Status::Invalid("backoff_cap: ", backoff_cap.count(),
                           " ms, less than backoff_base: ", backoff_base.count(), " ms");
  }
  return Status::OK();
}

}  // namespace pomona
