#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>

namespace pomona {

enum class Scheme { kLocal, kS3, kHdfs, kGcs, kAzure };

/// Where something lies. Parsed from what a user writes: a plain path, file:/p, file:///p,
/// s3://, s3a://, hdfs://, gs://, abfs://, abfss://. The case of a scheme does not matter.
///
/// Nothing is percent-decoded or encoded, in any form: `file:///a%20b` names the file "a%20b",
/// as Spark shows it. So every name has exactly one spelling, and it is the raw one.
/// A value.
struct Uri {
  Scheme scheme = Scheme::kLocal;

  /// As in the canonical string: "file", "s3a", "hdfs", "gs", "abfs", "abfss".
  std::string scheme_name;

  /// Bucket, access point ARN ("arn:aws:s3:eu-west-1:123456789012:accesspoint/name"),
  /// host:port, or container@account. Empty for local paths.
  std::string authority;

  /// Local, HDFS, gs, abfs: absolute ("/a/b"), "." and ".." resolved, no slash at the end but
  /// of "/" itself. S3: the key or prefix as it was written, without the slash that
  /// follows the bucket: keys are not paths, "a//b" and "../x" are keys of their own.
  std::string path;

  /// A relative path is taken from the current folder.
  /// Invalid: empty, unknown scheme, no bucket or host, a zero byte, credentials in it.
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
