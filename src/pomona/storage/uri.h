#pragma once

#include <arrow/result.h>
#include <arrow/util/string_util.h>

#include <string>
#include <string_view>
#include <utility>

#include "pomona/reject.h"

namespace pomona {

enum class Scheme { kLocal, kS3, kHdfs, kGcs, kAzure };

/// Something that is no address. Invalid, as an option; of an image among others it is that
/// image's own trouble: the reject bad_address.
template <typename... Words>
arrow::Status BadAddress(Words&&... words) {
  return Rejected(RejectReason::kBadAddress,
                  arrow::internal::JoinToString(std::forward<Words>(words)...));
}

/// Where something lies. Parsed from what a user writes: a plain path, file:/p, file:///p,
/// s3://, s3a://, hdfs://, gs://, abfs://, abfss://; the scheme in any case.
///
/// Nothing is percent-decoded or encoded, in any form: `file:///a%20b` names the file "a%20b",
/// as Spark shows it. So every name has exactly one spelling, and it is the raw one.
/// A value.
struct Uri {
  Scheme scheme = Scheme::kLocal;

  /// The scheme as the canonical string has it: "file", "s3a", "hdfs", "gs", "abfs", "abfss".
  std::string scheme_name;

  /// Bucket, access point ARN ("arn:aws:s3:eu-west-1:123456789012:accesspoint/name"),
  /// host:port, or container@account. Empty for local paths.
  std::string authority;

  /// Local, HDFS, gs, abfs: absolute ("/a/b"), "." and ".." resolved, no slash at the end but
  /// of "/" itself. S3: the key or prefix as it was written, without the slash that
  /// follows the bucket: keys are not paths, "a//b" and "../x" are keys of their own.
  std::string path;

  /// A relative path is taken from the current folder. What begins as `name:/` is a URI.
  /// BadAddress: empty, unknown scheme, no bucket or host, a zero byte, credentials in it.
  static arrow::Result<Uri> Parse(std::string_view text);

  /// The string that Spark's binaryFile source shows: "file:/a/b", "s3a://bucket/key",
  /// "hdfs://host:port/a". Valid UTF-8 (see EscapeInvalidUtf8).
  std::string ToString() const;
};

/// `name` with every byte that is not part of valid UTF-8 written as "\xNN" (lower case):
/// Arrow strings must be UTF-8, file names need not be. Returns valid input as it is.
std::string EscapeInvalidUtf8(std::string name);

/// Undoes EscapeInvalidUtf8: "\xNN" with NN >= 80 becomes that byte. A name that holds such
/// text literally is changed too, so try the name as it is first.
std::string UnescapeInvalidUtf8(std::string_view name);

}  // namespace pomona
