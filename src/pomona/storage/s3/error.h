#pragma once

#include <arrow/status.h>
#include <curl/curl.h>

#include <string>
#include <string_view>

namespace pomona {

/// Why a try of an S3 request failed. A value.
struct S3Error {
  enum class Kind {
    kNotFound,  ///< no such key
    kNoSuchBucket,
    kForbidden,    ///< these credentials may not
    kCredentials,  ///< the credentials themselves are refused
    kExpired,      ///< they were good once
    kRegion,       ///< the bucket is elsewhere: see `region`
    kChanged,      ///< not the object that was listed
    kTooLarge,     ///< more bytes than the request allows
    kTimeout,      ///< may pass
    kUnavailable,  ///< may pass: 5xx, throttling, reset, short or damaged body, a conflict
    kUnreachable,  ///< may pass: no connection
    kOther,
  };

  Kind kind = Kind::kOther;
  std::string code;     ///< the store's or libcurl's word, "AccessDenied"
  std::string message;  ///< words for people on one line, never with a key in them
  std::string region;   ///< where the store says the bucket is, a possible name; empty: not told

  /// True if the same request may succeed later.
  bool MayPass() const {
    return kind == Kind::kTimeout || kind == Kind::kUnavailable || kind == Kind::kUnreachable;
  }

  /// Reads an answer other than 200; nothing in it is trusted to be what it should. `region`: its
  /// x-amz-bucket-region header.
  static S3Error FromAnswer(long http_status, std::string_view body, std::string region);
  static S3Error FromCurl(CURLcode code);
  static S3Error Changed(std::string message) {
    return {Kind::kChanged, "Changed", std::move(message), ""};
  }

  static S3Error TooLarge(std::string message) {
    return {Kind::kTooLarge, "TooLarge", std::move(message), ""};
  }

  /// This error as one about one image: Rejected(...); IOError where no image could be read.
  arrow::Status ForImage() const;

  /// This error as one about the whole source: IOError with a hint. `uri` is what was asked for.
  arrow::Status ForSource(std::string_view uri) const;

  /// This error as one about what was to be changed, or looked at for that: IOError with a hint;
  /// NotImplemented where the server says that it does not know such a request.
  arrow::Status ForOutput(std::string_view uri) const;
};

}  // namespace pomona
