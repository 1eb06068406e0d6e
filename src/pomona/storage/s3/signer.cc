#include "pomona/storage/s3/signer.h"

#include <openssl/hmac.h>

#include "pomona/base/hex.h"
#include "pomona/base/sha256.h"
#include "pomona/storage/s3/encoding.h"

namespace pomona {
namespace {

using Digest = Sha256Digest;

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
  for (uint8_t byte : digest) pomona::AppendHex(byte, text);
}

std::string NamesOf(const S3Signer::Request& request) {
  std::string names;
  for (const auto& [name, value] : request.headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

std::string ScopeOf(std::string_view region, std::string_view timestamp) {
  std::string scope(timestamp.substr(0, 8));
  return scope.append("/").append(region).append("/s3/aws4_request");
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
  const std::string signed_headers = NamesOf(request);
  std::string authorization = "AWS4-HMAC-SHA256 Credential=";
  authorization.append(credentials.access_key).append("/").append(ScopeOf(region, timestamp));
  authorization.append(", SignedHeaders=").append(signed_headers).append(", Signature=");
  return authorization +
         Signature(request, request.query, signed_headers, credentials, region, timestamp);
}

std::string S3Signer::Query(const Request& request, const S3Credentials& credentials,
                            std::string_view region, std::string_view timestamp, int64_t seconds) {
  const std::string signed_headers = NamesOf(request);
  std::string query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=";
  query += S3Encode(credentials.access_key + "/" + ScopeOf(region, timestamp));
  query.append("&X-Amz-Date=").append(timestamp);
  query.append("&X-Amz-Expires=").append(std::to_string(seconds));
  if (!credentials.session_token.empty()) {
    query.append("&X-Amz-Security-Token=").append(S3Encode(credentials.session_token));
  }
  query.append("&X-Amz-SignedHeaders=").append(S3Encode(signed_headers));
  if (!request.query.empty()) query.append("&").append(request.query);
  const std::string signature =
      Signature(request, query, signed_headers, credentials, region, timestamp);
  return query + "&X-Amz-Signature=" + signature;
}

std::string S3Signer::Signature(const Request& request, std::string_view query,
                                std::string_view signed_headers, const S3Credentials& credentials,
                                std::string_view region, std::string_view timestamp) {
  canonical_.clear();
  canonical_.append(request.method).append("\n").append(request.path).append("\n");
  canonical_.append(query).append("\n");
  for (const auto& [name, value] : request.headers) {
    canonical_.append(name).append(":").append(value).append("\n");
  }
  canonical_.append("\n").append(signed_headers).append("\n").append(request.payload_hash);

  std::string to_sign = "AWS4-HMAC-SHA256\n";
  to_sign.append(timestamp).append("\n").append(ScopeOf(region, timestamp)).append("\n");
  AppendHex(Sha256Of(canonical_), &to_sign);

  std::string signature;
  AppendHex(Hmac(Bytes(SigningKey(credentials, region, timestamp.substr(0, 8))), to_sign),
            &signature);
  return signature;
}

}  // namespace pomona
