#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// What to list, and how to name it.
struct ListOptions {
  /// A folder, one file, or a URI: s3://bucket/prefix (s3a:// is the same),
  /// hdfs://host:port/dir, gs://..., abfs://...
  std::string source;

  /// File name patterns (`*`, `?`, `[abc]`, `{a,b}`), matched against the base name in any case.
  /// A table that was begun with other defaults keeps those: see Run.
  std::vector<std::string> globs = {"*.jpg",  "*.jpeg", "*.jpe",  "*.jfif", "*.jif",
                                    "*.png",  "*.webp", "*.gif",  "*.bmp",  "*.tif",
                                    "*.tiff", "*.avif", "*.heic", "*.heif"};

  /// "parent": name of the parent folder. "none": null. Otherwise a regular
  /// expression (ECMAScript) searched in the URI: its first group, or the whole
  /// match, is the label; null where it does not match. See ListingSummary::unlabelled.
  std::string label = "parent";

  /// References in a batch. An extractor holds the features of eight batches.
  int64_t batch_rows = 256;

  StorageOptions storage;

  /// Ends the stream with Cancelled between two pages of the listing, or while one is awaited.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

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

/// What a listing came upon, so far. Of bounded size.
struct ListingSummary {
  int64_t references = 0;

  /// Files that were not taken, as no glob matches their names. Hidden ones do not count.
  int64_t not_taken = 0;
  /// The same by what their names end in, in lower case: ".bmp"; "" where that is no suffix. 64
  /// suffixes at most: those that come later count in `not_taken` alone.
  std::map<std::string, int64_t> not_taken_by_suffix;
  /// How many of them would be taken by the rule of today, which a table that was begun before it
  /// does not follow.
  int64_t not_taken_by_old_rule = 0;

  /// References without a label, and the URI of the first. Not counted with the label "none".
  int64_t unlabelled = 0;
  std::string unlabelled_example;

  /// Adds another listing's, in the same bounds.
  void Add(const ListingSummary& other);

  /// Remarks for people, a line each, on what was not taken and on labels that are missing. Empty
  /// if all is well.
  std::vector<std::string> Remarks() const;
};

/// A stream of references that tells what it left out. For one thread, but for summary().
class ImageListing : public arrow::RecordBatchReader {
 public:
  /// Complete at the end of the stream. Thread-safe.
  virtual ListingSummary summary() const = 0;
};

/// Streams references to the images under `options.source`, in byte order of the
/// URI, one page of the store at a time: memory does not grow with the number of
/// images. Hidden at every level below the source are names that begin with a dot, and what
/// programs put beside tables (`_SUCCESS`, `_temporary`, `_delta_log`, `part-*.parquet`, ...:
/// docs/guides/storage.md).
///
/// Errors: Invalid for a bad option, before any I/O, and for a source that is a pattern and no
/// place; IOError when the source is missing or may not be listed, Cancelled (stop).
arrow::Result<std::shared_ptr<ImageListing>> ListImages(const ListOptions& options);

}  // namespace pomona
