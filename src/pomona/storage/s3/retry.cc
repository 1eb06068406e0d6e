#include "pomona/storage/s3/retry.h"

#include <utility>

#include "pomona/storage/backoff.h"

namespace pomona {
namespace {

using std::chrono::milliseconds;

// A wrong endpoint is to be seen at once, not after the whole of a patient back-off.
constexpr int kMaxConnectsUnreached = 3;
constexpr int kMaxRegionChanges = 3;

}  // namespace

void S3Retry::Began(std::string region, std::shared_ptr<const S3Credentials> credentials) {
  region_ = std::move(region);
  credentials_ = std::move(credentials);
}

std::optional<milliseconds> S3Retry::DelayAfter(const S3Error& error) {
  ++tries_;
  if (error.kind == S3Error::Kind::kRegion && !FollowRegion(error.region)) return std::nullopt;
  if (tries_ >= session_.storage.max_attempts) return std::nullopt;
  if (error.kind == S3Error::Kind::kRegion) return milliseconds(0);
  if (error.kind == S3Error::Kind::kExpired || error.kind == S3Error::Kind::kCredentials) {
    if (credentials_ == nullptr) return std::nullopt;
    switch (session_.credentials->Renew(credentials_)) {
      case S3CredentialSource::Renewal::kRenewed:
        return milliseconds(0);
      case S3CredentialSource::Renewal::kPending:
        return BackoffDelay(session_.storage, tries_);
      case S3CredentialSource::Renewal::kSame:
        return std::nullopt;
    }
  }
  if (!error.MayPass()) return std::nullopt;
  if (error.kind == S3Error::Kind::kUnreachable &&
      !session_.reached.load(std::memory_order_relaxed) && tries_ >= kMaxConnectsUnreached) {
    return std::nullopt;
  }
  return BackoffDelay(session_.storage, tries_);
}

// Goes to the region that the error names.
bool S3Retry::FollowRegion(const std::string& region) {
  const auto address = session_.AddressOf(bucket_);
  // Another request may have moved the bucket while this one was under way.
  if (!address.ok() || (*address)->region != region_) return true;
  if (region == region_ || ++region_changes_ > kMaxRegionChanges) return false;
  session_.Move(bucket_, region);
  return true;
}

}  // namespace pomona
