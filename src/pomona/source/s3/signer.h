#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/storage/s3/credentials.h"

namespace pomona {

/// AWS Signature Version 4 for S3. For one thread: it keeps the day's signing key.
class S3Signer {
 public:
  /// SHA-256 of nothing: the payload of a GET.
  static constexpr std::string_view kEmptyPayload =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  struct Request {
    std::string_view method = "GET";
    std::string_view path;   ///< encoded, as it is sent
    std::string_view query;  ///< encoded, sorted by name, as it is sent
    /// Every header to sign: lower-case names, in their order; host and x-amz-* at least.
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view payload_hash = kEmptyPayload;
  };

  /// The value of the Authorization header. `timestamp`: FormatTime, equal to the x-amz-date
  /// header. Cost: about 3 microseconds.
  std::string Authorization(const Request& request, const S3Credentials& credentials,
                            std::string_view region, std::string_view timestamp);

  /// "20130524T000000Z"
  static std::string FormatTime(std::time_t time);

 private:
  using Digest = std::array<uint8_t, 32>;

  const Digest& SigningKey(const S3Credentials& credentials, std::string_view region,
                           std::string_view date);

  std::string key_for_;  // secret, date and region that key_ was derived from
  Digest key_{};
  std::string canonical_;  // kept for its memory
};

}  // namespace pomona
