#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/storage.h"

namespace pomona {

/// What to list, and how to name it.
struct ListOptions {
  /// A folder, one file, or a URI: s3://bucket/prefix (s3a:// is the same),
  /// hdfs://host:port/dir, gs://..., abfs://...
  std::string source;

  /// File name patterns (`*`, `?`, `[abc]`), matched against the base name in any case.
  std::vector<std::string> globs = {"*.jpg", "*.jpeg", "*.png",  "*.webp", "*.gif", "*.bmp",
                                    "*.tif", "*.tiff", "*.avif", "*.heic", "*.heif"};

  /// "parent": name of the parent folder. "none": null. Otherwise a regular
  /// expression (ECMAScript) searched in the URI: its first group, or the whole
  /// match, is the label; null where it does not match.
  std::string label = "parent";

  /// References in a batch. An extractor holds the features of eight batches.
  int64_t batch_rows = 256;

  StorageOptions storage;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// uri utf8, size int64 (bytes), mtime timestamp[us, UTC], version utf8, label utf8. All are
/// nullable, but a listing knows uri and size of each image.
///
/// `uri` is the string that Spark's binaryFile source shows for the same file,
/// unescaped: "file:/data/Apple Braeburn/3_100.jpg", "s3a://bucket/key".
/// `version` is the object's ETag where the store has one.
std::shared_ptr<arrow::Schema> ReferenceSchema();

/// Streams references to the images under `options.source`, in byte order of the
/// URI, one page of the store at a time: memory does not grow with the number of
/// images. `_*`, `.*` and `part-*.parquet` below the source are skipped at every level.
///
/// Errors: Invalid for a bad option, before any I/O; IOError when the source is
/// missing or may not be listed. The reader is for one thread.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ListImages(const ListOptions& options);

}  // namespace pomona
