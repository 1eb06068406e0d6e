#include "pomona/source/s3/signer.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace pomona {
namespace {

using Digest = std::array<uint8_t, 32>;

Digest Sha256(std::string_view text) {
  Digest digest;
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

Digest Hmac(std::string_view key, std::string_view text) {
  Digest digest;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const uint8_t*>(text.data()), text.size(), digest.data(), nullptr);
  return digest;
}

std::string_view Bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

void AppendHex(const Digest& digest, std::string* text) {
  constexpr char kHex[] = "0123456789abcdef";
  for (uint8_t byte : digest) *text += {kHex[byte >> 4], kHex[byte & 15]};
}

}  // namespace

std::string S3Signer::FormatTime(std::time_t time) {
  std::tm parts;
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

const Digest& S3Signer::SigningKey(const S3Credentials& credentials, std::string_view region,
                                   std::string_view date) {
  std::string key_for;
  key_for.append(credentials.secret_key).append("\n").append(date).append("\n").append(region);
  if (key_for != key_for_) {
    const Digest day = Hmac("AWS4" + credentials.secret_key, date);
    const Digest place = Hmac(Bytes(day), region);
    const Digest service = Hmac(Bytes(place), "s3");
    key_ = Hmac(Bytes(service), "aws4_request");
    key_for_ = std::move(key_for);
  }
  return key_;
}

std::string S3Signer::Authorization(const Request& request, const S3Credentials& credentials,
                                    std::string_view region, std::string_view timestamp) {
  std::string signed_headers;
  canonical_.clear();
  canonical_.append(request.method).append("\n").append(request.path).append("\n");
  canonical_.append(request.query).append("\n");
  for (const auto& [name, value] : request.headers) {
    canonical_.append(name).append(":").append(value).append("\n");
    if (!signed_headers.empty()) signed_headers += ';';
    signed_headers += name;
  }
  canonical_.append("\n").append(signed_headers).append("\n").append(request.payload_hash);

  const std::string_view date = timestamp.substr(0, 8);
  std::string scope;
  scope.append(date).append("/").append(region).append("/s3/aws4_request");

  std::string to_sign = "AWS4-HMAC-SHA256\n";
  to_sign.append(timestamp).append("\n").append(scope).append("\n");
  AppendHex(Sha256(canonical_), &to_sign);

  std::string authorization = "AWS4-HMAC-SHA256 Credential=";
  authorization.append(credentials.access_key).append("/").append(scope);
  authorization.append(", SignedHeaders=").append(signed_headers).append(", Signature=");
  AppendHex(Hmac(Bytes(SigningKey(credentials, region, date)), to_sign), &authorization);
  return authorization;
}

}  // namespace pomona
