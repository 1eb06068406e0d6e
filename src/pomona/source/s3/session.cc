#include "pomona/source/s3/session.h"

#include <utility>

namespace pomona {

S3Session::S3Session(const StorageOptions& storage, S3Settings settings,
                     std::unique_ptr<S3CredentialSource> credentials)
    : storage(storage), credentials(std::move(credentials)), settings_(std::move(settings)) {}

arrow::Result<const S3Address*> S3Session::AddressOf(const std::string& bucket) {
  const auto known = addresses_.find(bucket);
  if (known != addresses_.end()) return &known->second;
  ARROW_ASSIGN_OR_RAISE(S3Address address, FindS3Address(settings_, bucket, settings_.region));
  return &addresses_.emplace(bucket, std::move(address)).first->second;
}

void S3Session::Move(const std::string& bucket, const std::string& region) {
  if (!IsRegionName(region)) return;
  auto address = FindS3Address(settings_, bucket, region);
  if (address.ok()) addresses_[bucket] = std::move(*address);
}

const std::string& S3Session::Timestamp() {
  const std::time_t now = std::time(nullptr);
  if (now != timestamp_of_) {
    timestamp_of_ = now;
    timestamp_ = S3Signer::FormatTime(now);
  }
  return timestamp_;
}

}  // namespace pomona
