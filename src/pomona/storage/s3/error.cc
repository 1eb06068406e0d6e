#include "pomona/storage/s3/error.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <utility>

#include "pomona/reject.h"
#include "pomona/shown_text.h"
#include "pomona/storage/s3/address.h"

namespace pomona {
namespace {

using Kind = S3Error::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 31> kCodes = {{
    {"NoSuchKey", Kind::kNotFound},
    {"NoSuchVersion", Kind::kNotFound},
    {"NoSuchBucket", Kind::kNoSuchBucket},
    {"InvalidBucketName", Kind::kNoSuchBucket},
    {"AccessDenied", Kind::kForbidden},
    {"AllAccessDisabled", Kind::kForbidden},
    {"AccountProblem", Kind::kForbidden},
    {"InvalidAccessKeyId", Kind::kCredentials},
    {"SignatureDoesNotMatch", Kind::kCredentials},
    {"InvalidToken", Kind::kCredentials},
    {"InvalidSecurity", Kind::kCredentials},
    {"NotSignedUp", Kind::kCredentials},
    {"RequestTimeTooSkewed", Kind::kCredentials},
    {"ExpiredToken", Kind::kExpired},
    {"TokenRefreshRequired", Kind::kExpired},
    {"PermanentRedirect", Kind::kRegion},
    {"TemporaryRedirect", Kind::kRegion},
    {"AuthorizationHeaderMalformed", Kind::kRegion},
    {"AuthorizationQueryParametersError", Kind::kRegion},
    {"RequestTimeout", Kind::kTimeout},
    {"InternalError", Kind::kUnavailable},
    {"SlowDown", Kind::kUnavailable},
    {"ServiceUnavailable", Kind::kUnavailable},
    {"Throttling", Kind::kUnavailable},
    {"ThrottlingException", Kind::kUnavailable},
    {"RequestThrottled", Kind::kUnavailable},
    {"RequestLimitExceeded", Kind::kUnavailable},
    {"BandwidthLimitExceeded", Kind::kUnavailable},
    {"OperationAborted", Kind::kUnavailable},
    {"ConditionalRequestConflict", Kind::kUnavailable},
    {"BadDigest", Kind::kUnavailable},
}};

Kind KindOfStatus(long http_status) {
  switch (http_status) {
    case 301:
    case 307:
      return Kind::kRegion;
    case 401:
    case 403:
      return Kind::kForbidden;
    case 404:
    case 410:
      return Kind::kNotFound;
    case 408:
      return Kind::kTimeout;
    case 412:
      return Kind::kChanged;
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return Kind::kUnavailable;
    default:
      return Kind::kOther;
  }
}

// "NoSuchKey". Anything else that stands in its place is not a code.
bool IsCode(std::string_view text) {
  constexpr size_t kLongest = 100;
  return text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

// A server's sentence, for people.
std::string Sentence(std::string_view text) {
  constexpr size_t kLongest = 500;
  const bool cut = text.size() > kLongest;
  return ShownUri(text.substr(0, kLongest)) + (cut ? "..." : "");
}

bool MayHoldSecrets(Kind kind) { return kind == Kind::kCredentials || kind == Kind::kExpired; }

}  // namespace

S3Error S3Error::FromAnswer(long http_status, std::string_view body, std::string region) {
  S3Error error;
  error.region = std::move(region);
  pugi::xml_document document;
  if (document.load_buffer(body.data(), body.size())) {
    const pugi::xml_node node = document.child("Error");
    if (const char* code = node.child_value("Code"); IsCode(code)) error.code = code;
    error.message = Sentence(node.child_value("Message"));
    if (error.region.empty()) error.region = node.child_value("Region");
  }
  if (!IsRegionName(error.region)) error.region.clear();
  const auto* known = std::find_if(kCodes.begin(), kCodes.end(),
                                   [&](const auto& entry) { return entry.first == error.code; });
  error.kind = known == kCodes.end() ? KindOfStatus(http_status) : known->second;
  if (error.kind == Kind::kRegion && error.region.empty()) error.kind = Kind::kOther;
  if (MayHoldSecrets(error.kind)) error.message.clear();
  const std::string status = "HTTP " + std::to_string(http_status);
  error.code = error.code.empty() ? status : error.code + " (" + status + ")";
  return error;
}

S3Error S3Error::FromCurl(CURLcode code) {
  S3Error error;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      error.kind = Kind::kTimeout;
      error.code = "no answer in time";
      return error;
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:
      error.kind = Kind::kUnreachable;
      break;
    case CURLE_PARTIAL_FILE:
      error.kind = Kind::kUnavailable;
      error.code = "short body";
      return error;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_WEIRD_SERVER_REPLY:
      error.kind = Kind::kUnavailable;
      break;
    default:
      error.kind = Kind::kOther;
  }
  error.code = curl_easy_strerror(code);
  return error;
}

arrow::Status S3Error::ForImage() const {
  const std::string text = message.empty() ? code : code + ": " + message;
  switch (kind) {
    case Kind::kNotFound:
      return Rejected(RejectReason::kNotFound, text);
    case Kind::kForbidden:
      return Rejected(RejectReason::kForbidden, text);
    case Kind::kChanged:
      return Rejected(RejectReason::kChanged, message);
    case Kind::kTooLarge:
      return Rejected(RejectReason::kTooManyBytes, message);
    case Kind::kTimeout:
      return Rejected(RejectReason::kTimeout, text);
    case Kind::kUnavailable:
    case Kind::kUnreachable:
      return Rejected(RejectReason::kUnavailable, text);
    case Kind::kOther:
      return Rejected(RejectReason::kIoError, text);
    default:
      return ForSource("");
  }
}

arrow::Status S3Error::ForOutput(std::string_view uri) const {
  const std::string text = message.empty() ? code : code + ": " + message;
  if (code.starts_with("NotImplemented") || code.find("HTTP 501") != std::string::npos) {
    return arrow::Status::NotImplemented("this S3 server cannot do that to ", ShownUri(uri), ": ",
                                         text);
  }
  switch (kind) {
    case Kind::kForbidden:
      return arrow::Status::IOError(
          "may not be written: ", ShownUri(uri), ": ", text,
          "\nhint: these credentials need s3:PutObject, s3:GetObject, s3:DeleteObject, "
          "s3:AbortMultipartUpload, s3:ListBucketMultipartUploads and s3:ListBucket there");
    case Kind::kNoSuchBucket:
    case Kind::kCredentials:
    case Kind::kExpired:
    case Kind::kRegion:
    case Kind::kUnreachable:
      return ForSource(uri);
    default:
      return arrow::Status::IOError("cannot be written: ", ShownUri(uri), ": ", text);
  }
}

arrow::Status S3Error::ForSource(std::string_view uri) const {
  const std::string about = uri.empty() ? std::string("the bucket") : ShownUri(uri);
  const std::string text = message.empty() ? code : code + ": " + message;
  const auto failed = [&](const char* words, const char* hint) {
    return arrow::Status::IOError(words, about, ": ", text, *hint == '\0' ? "" : "\nhint: ", hint);
  };
  switch (kind) {
    case Kind::kNoSuchBucket:
    case Kind::kNotFound:
      return failed("no such bucket: ",
                    "check the name; for another S3 server, its endpoint (AWS_ENDPOINT_URL)");
    case Kind::kForbidden:
      return failed("may not be read: ",
                    "these credentials need s3:ListBucket on the bucket and s3:GetObject on its "
                    "objects; where readers pay, option `s3_requester_pays`; for a public "
                    "bucket option `s3_anonymous` may do");
    case Kind::kCredentials:
      return failed("wrong AWS credentials for ",
                    "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and this "
                    "machine's clock");
    case Kind::kExpired:
      return failed("expired AWS credentials for ",
                    "log in again, or set new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                    "AWS_SESSION_TOKEN");
    case Kind::kRegion:
      return failed("wrong region for ", "set AWS_REGION");
    case Kind::kUnreachable:
      return failed("no connection to the S3 server of ",
                    "check the endpoint (AWS_ENDPOINT_URL), the region and the network");
    default:
      return failed("cannot be read: ", "");
  }
}

}  // namespace pomona
