#include "pomona/storage/s3/session.h"

#include <algorithm>
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

void S3Session::SignInHead(S3Signer::Request request, const S3Address& address,
                           const S3Credentials& credentials, HeaderList* lines) {
  const std::string& timestamp = Timestamp();
  request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  request.headers.emplace_back("x-amz-date", timestamp);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("x-amz-security-token", credentials.session_token);
  }
  AddHeaders(address, &request, lines);
  lines->Add()
      .append("Authorization: ")
      .append(signer_.Authorization(request, credentials, address.region, timestamp));
}

std::string S3Session::SignInQuery(S3Signer::Request request, const S3Address& address,
                                   const S3Credentials& credentials, std::string_view timestamp,
                                   int64_t seconds, HeaderList* lines) {
  request.payload_hash = S3Signer::kUnsignedPayload;
  AddHeaders(address, &request, lines);
  return signer_.Query(request, credentials, address.region, timestamp, seconds);
}

void S3Session::AddHeaders(const S3Address& address, S3Signer::Request* request,
                           HeaderList* lines) const {
  auto& headers = request->headers;
  if (storage.s3_requester_pays) headers.emplace_back("x-amz-request-payer", "requester");
  for (const auto& [name, value] : headers) {
    lines->Add().append(name).append(": ").append(value);
  }
  headers.emplace_back("host", address.host);  // libcurl makes the line
  std::ranges::sort(headers);
}

}  // namespace pomona
