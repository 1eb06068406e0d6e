#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/image.h"
#include "pomona/model.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// What is worth more: features alike everywhere, time, or answers. Each sets options that are not
/// given; one that is given counts.
enum class Preset {
  kSame,  ///< f32, the network's own size, its last layer
  /// The fastest arithmetic of this CPU whose answers hold, and images no larger than those of the
  /// source justify: `input_size` 1.6 times the shorter side of the first ones (the median),
  /// rounded up to 32, at most the network's own. Where no source is known, the own size.
  kFast,
  kRich,  ///< levels, and all views
};

/// "same", "fast", "rich".
std::string_view PresetName(Preset preset);
arrow::Result<Preset> ParsePreset(std::string_view name);

/// How references become features.
struct ExtractOptions {
  /// A catalogue name or a path: see FindModel.
  std::string model = "efficientnet-lite0";

  Preset preset = Preset::kSame;

  /// Tensors to read: names with commas between, "last" (the card's, else found), "levels" (maps
  /// of several sizes, and the last). Empty: the last. docs/format/model-card.md says which they
  /// are.
  std::string features;

  /// Which axis of these tensors holds the channels where they are maps of pixels: "NCHW" or
  /// "NHWC". Empty: the graph tells, or loading fails.
  std::string features_layout;

  /// What becomes of maps of pixels. Absent: their mean; of levels, mean and deviation.
  std::optional<Pooling> pool;

  /// Side in pixels of the square image that the network gets, 32 to 2,048: time grows with its
  /// square. For networks of convolutions and pooling. 0: the network's own size.
  int input_size = 0;

  /// Absent: f32, or the preset's.
  std::optional<Precision> precision;

  /// Positions in which the picture is looked at as well: its features in each are a column of
  /// their own, `views`. For a network whose image is square. Decoded is once, and computed once
  /// for each. Absent: none, or the preset's.
  std::optional<std::vector<View>> views;

  /// Instead of that column, the mean over the picture and its views is the row's features.
  bool views_average = false;

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

/// `options` with all that their preset sets. `first_references` (ReferenceSchema()): the source's
/// first images, of which `fast` gets 32 to see how large they are; null: the source is not known.
/// Whoever extracts in many processes completes the options once, for all. Errors: KeyError
/// (model), Invalid, IOError.
arrow::Result<ExtractOptions> CompletePreset(
    const ExtractOptions& options, const std::shared_ptr<arrow::RecordBatch>& first_references);

/// Whether rows have a column of views, by options that are complete (Extractor::options).
inline bool HasViewsColumn(const ExtractOptions& options) {
  return options.views && !options.views->empty() && !options.views_average;
}

/// Invalid where the model has no int8 file and `precision` wants one; KeyError if there is no such
/// model. Looks at the model, and at no source.
arrow::Status CheckPrecision(const ExtractOptions& options);

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

/// The type of a column `views`: list<struct<view utf8, features list<float>>>, a view's name and
/// the features of the picture in it, in the order of ExtractOptions::views.
std::shared_ptr<arrow::DataType> ViewsType();

/// The reference schema plus features list<float>?, with `views` views ViewsType()?, reject utf8?,
/// message utf8?: exactly one row a reference, in the order of the references. Either `features`
/// (and `views`) is null or `reject` is.
std::shared_ptr<arrow::Schema> FeatureSchema(bool views = false);

/// The same without the reference schema: what ExtractImages gives. Exactly one row an image, in
/// the order of the images.
std::shared_ptr<arrow::Schema> ImageFeatureSchema(bool views = false);

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
/// 256 rows or less. Fewer where their features are many.
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
  /// ReferenceSchema(), 65,536 rows and 2^31 features at most (256 rows serve best). Starts at
  /// once. ReadNext fails with whatever ends a run; an image's own trouble is a row with `reject`.
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
  /// Name of the tensor that is read; those of several have commas between.
  virtual const std::string& feature_tensor() const = 0;
  /// Why that tensor, and what is done to it, for people: "the input of the last dense layer".
  virtual const std::string& feature_origin() const = 0;
  /// "NCHW" or "NHWC" where maps are pooled over their pixels, else empty.
  virtual const std::string& feature_layout() const = 0;
  /// What is where in a row's features; their lengths sum up to feature_dim().
  virtual const std::vector<FeatureSlice>& feature_slices() const = 0;
  /// What really runs: kF32, kBf16 or kInt8.
  virtual Precision precision() const = 0;
  /// The options that were given, with every default and the preset's filled in.
  virtual const ExtractOptions& options() const = 0;
};

}  // namespace pomona
