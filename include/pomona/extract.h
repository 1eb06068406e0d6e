#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "pomona/image.h"
#include "pomona/model.h"
#include "pomona/storage.h"

namespace pomona {

/// How references become features.
struct ExtractOptions {
  /// A catalogue name or a path: see FindModel.
  std::string model = "efficientnet-lite0";

  /// Tensor to read. Empty: the card's, else found: docs/format/model-card.md says how.
  std::string features;

  /// Which axis of that tensor holds the channels where it is a map of pixels, which is averaged:
  /// "NCHW" or "NHWC". Empty: the graph tells, or loading fails.
  std::string features_layout;

  Precision precision = Precision::kF32;

  /// Replaces the card's normalisation: see PreprocessPreset. Empty: the card's.
  std::string preprocess;

  ImageOptions image;

  /// Cores to use. 0: all that this process may use.
  int threads = 0;

  /// Images fetched but not yet decoded, in bytes. Larger hides storage latency;
  /// costs resident memory. Default 64 MiB. One image above it still passes, alone, up to
  /// image.max_bytes; of unknown size are as many at once as there are `fetches`.
  int64_t memory_bytes = int64_t{64} << 20;

  /// Reads under way at once. 0: 64, which a local disk serves with fewer threads.
  int fetches = 0;

  /// Do not bind engine threads to cores. Bound ones are faster alone, but those of several
  /// processes on one machine bind to the same cores.
  bool share_cores = false;

  /// Folder for compiled models. Empty: $POMONA_CACHE, else the user's cache folder.
  std::string cache_dir;

  StorageOptions storage;

  /// Ends the stream with Cancelled at the next batch.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What the pipeline has done so far. Times are sums over threads; infer_ns is at most
/// streams x wall.
struct ExtractCounters {
  int64_t images = 0;    ///< rows with features
  int64_t rejects = 0;   ///< rows without
  int64_t bytes = 0;     ///< encoded bytes fetched, or taken from memory
  int64_t requests = 0;  ///< reads sent to the store, retries included
  int64_t retries = 0;
  int64_t fetch_ns = 0;  ///< CPU time in fetch threads
  int64_t decode_ns = 0;
  int64_t resize_ns = 0;
  int64_t infer_ns = 0;  ///< stream-time in the engine, of all streams of the extractor
  int64_t streams = 1;   ///< images that the engine computes at once
  int64_t workers = 1;   ///< decode threads
};

/// The reference schema plus features list<float>?, reject utf8?, message utf8?: exactly
/// one row a reference, in the order of the references. Either `features` is null or
/// `reject` is.
std::shared_ptr<arrow::Schema> FeatureSchema();

/// features list<float>?, reject utf8?, message utf8?: what ExtractImages gives. Exactly one
/// row an image, in the order of the images. Either `features` is null or `reject` is.
std::shared_ptr<arrow::Schema> ImageFeatureSchema();

/// A stream of feature rows: batches as in the stream it is made from. ReadNext blocks until
/// the next batch is done; work goes on between calls, a bounded number of batches ahead.
/// For one thread; destruction stops the work.
class FeatureReader : public arrow::RecordBatchReader {
 public:
  /// Ends the work: ReadNext, also one under way, returns Cancelled when it has returned the
  /// batches that are done, and does not wait for those in work. Thread-safe.
  virtual void Cancel() = 0;

  /// What this stream has done so far. Thread-safe.
  virtual ExtractCounters counters() const = 0;
};

/// Rows that may be in work, at most, ahead of the last one that ReadNext gave; for batches of
/// 256 rows or less.
inline constexpr int64_t kRowsAhead = 8192;

/// A network ready to extract: load it once, use it for many streams. Thread-safe;
/// streams of one extractor share its cores.
class Extractor {
 public:
  /// Finds, compiles (about a second; 0.1 s from the cache) and checks the model.
  /// Errors: Invalid (an option), KeyError (model, tensor), IOError.
  static arrow::Result<std::shared_ptr<Extractor>> Load(const ExtractOptions& options);
  virtual ~Extractor() = default;

  /// Joins fetch, decode, resize and infer over `references`: batches with the columns of
  /// ReferenceSchema(), 65,536 rows at most (256 serve best). Starts at once.
  /// ReadNext fails with whatever ends a run; an image's own trouble is a row with `reject`.
  ///
  /// What a reference does not know is not compared. A `size` that is null or negative is
  /// unknown: the image is read whole, still with one request from a local disk or S3; HDFS,
  /// GCS and Azure are asked for the size first. A null `uri` is the reject not_found. Local
  /// files may be written "file:/x", "file:///x" or "/x", objects "s3://" or "s3a://"; nothing
  /// is percent-decoded.
  ///
  /// `apart`: so many of the first images are decoded in a process each, as an earlier
  /// attempt may have died of one of them; those that kill their process even alone are
  /// the reject poison. That costs a fork an image.
  virtual arrow::Result<std::shared_ptr<FeatureReader>> Extract(
      std::shared_ptr<arrow::RecordBatchReader> references, int64_t apart = 0) = 0;

  /// The same for encoded images in memory: batches of exactly one column of type binary,
  /// large_binary or binary_view, a cell an image; null is the reject empty_file. Gives
  /// ImageFeatureSchema(), batch for batch. Cells are read where they lie: a batch is held
  /// until its last image is decoded, and the next one is asked for once all of its images
  /// have entered the window of ExtractOptions::memory_bytes.
  /// Errors: Invalid for other columns.
  virtual arrow::Result<std::shared_ptr<FeatureReader>> ExtractImages(
      std::shared_ptr<arrow::RecordBatchReader> images, int64_t apart = 0) = 0;

  virtual int feature_dim() const = 0;
  /// The model, with the normalisation and the layout of the input that are applied.
  virtual const Model& model() const = 0;
  /// Name of the tensor that is read.
  virtual const std::string& feature_tensor() const = 0;
  /// Why that tensor, and what is done to it, for people: "the input of the last dense layer".
  virtual const std::string& feature_origin() const = 0;
  /// "NCHW" or "NHWC" where the tensor is a map that is averaged over its pixels, else empty.
  virtual const std::string& feature_layout() const = 0;
  /// What really runs: kF32 or kBf16.
  virtual Precision precision() const = 0;
  /// The options that were given, with every default filled in.
  virtual const ExtractOptions& options() const = 0;
};

}  // namespace pomona
