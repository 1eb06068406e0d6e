#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "pomona/extract.h"
#include "pomona/feature_format.h"
#include "pomona/list.h"
#include "pomona/public.h"
#include "pomona/reject_limit.h"

namespace POMONA_PUBLIC pomona {

/// What a run knows while it goes on.
struct RunProgress {
  int64_t images = 0;            ///< rows computed by this run
  int64_t rejects = 0;           ///< by this run
  int64_t unchanged = 0;         ///< references found done already
  std::optional<int64_t> total;  ///< references in the source, once they are counted
  std::chrono::duration<double> elapsed{0};
  std::string bottleneck;  ///< "infer", "decode", "fetch" or "write"

  std::map<std::string, int64_t> rejects_by_reason;  ///< as far as rows are on their way out
  int64_t parts_written = 0;
  ExtractCounters counters;
  double write_seconds = 0;
  std::string model, model_digest, features, precision;
  int cores = 0;
  double price_per_hour = 0;  ///< as RunOptions has it
};

/// A folder or bucket of images becomes a feature table: list, extract, write.
struct RunOptions {
  ListOptions list;
  ExtractOptions extract;

  /// A folder or URI; see docs/format/output.md for what appears in it.
  std::string output;

  /// References a part. A part is the unit of commit: a killed run loses one at most.
  /// Costs no memory: rows leave in groups of 2,048.
  int64_t rows_per_file = 8192;

  FeatureFormat features_as = FeatureFormat::kArray;

  /// An image that has no features ends the run, instead of becoming a reject.
  bool fail_on_reject = false;

  /// How many of the table's images may have no features; more of them end the run with an error
  /// (see IsTooManyRejects) and without `_SUCCESS`. What was committed stays, so that a run with a
  /// higher limit continues it.
  RejectLimit max_rejects;

  /// Remove what a previous run left in `output`, then start anew.
  bool overwrite = false;

  /// The source has changed: extract what is new or changed, drop what is gone, try
  /// again what storage refused.
  bool update = false;

  /// Read all of the table first, and compute the parts again of which a file is damaged or
  /// missing. What else changed in the source is left as it is. Images of such parts that the
  /// source does not give any more are RunReport::lost. Damaged states cannot be repaired:
  /// DamagedData.
  bool repair = false;

  /// What this machine costs, from which the report has the cost of a million images. 0: not told.
  double price_per_hour = 0;

  /// This is called every `progress_every` from a thread of the run, and once more before the
  /// report. Costs a second listing of the source, for `total`. May be empty.
  std::function<void(const RunProgress&)> on_progress;
  std::chrono::milliseconds progress_every{200};

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What a finished run did. Written as `_pomona/report.json`.
struct RunReport {
  std::string version, source, output, model, model_digest, features, precision;
  std::string features_origin;  ///< as Extractor::feature_origin
  std::string features_layout;  ///< as Extractor::feature_layout
  int feature_dim = 0;
  int width = 0;  ///< of the network's image, in pixels
  int height = 0;
  std::string views;  ///< names with commas between, as the table's record has them

  int64_t references = 0;  ///< in the source
  ListingSummary listing;  ///< of the source: what was not taken, what has no label
  int64_t rows = 0;        ///< in the table now
  int64_t images = 0;      ///< rows computed by this run
  int64_t unchanged = 0;   ///< references found done already
  int64_t dropped = 0;     ///< references taken out: deleted or changed in the source
  int64_t repaired = 0;    ///< parts that were damaged, and are whole again
  /// Rows of damaged parts that could not be computed again: their images, and why.
  std::vector<std::string> lost;
  std::map<std::string, int64_t> rejects;  ///< of this run, by reason code
  /// Rows of this run by what was made of them, as `predict` counts `unknown` ones; else empty.
  std::map<std::string, int64_t> counts;
  int64_t parts = 0;          ///< of the table
  int64_t parts_written = 0;  ///< by this run, rewritten ones included

  ExtractCounters counters;
  double seconds = 0;          ///< wall clock of the run
  double extract_seconds = 0;  ///< from the first image asked for to the last row written
  double write_seconds = 0;
  int cores = 0;
  std::string bottleneck;
  int64_t peak_memory_bytes = 0;
  double price_per_hour = 0;

  /// What the preset `fast` was, a sentence; empty without it.
  std::string preset;

  /// What is not promised of the output's store; empty where all is.
  std::string promise;

  int64_t reject_count() const;
  /// What people should know of it, a sentence each: of the listing, the preset, the store, what
  /// was lost.
  std::vector<std::string> Remarks() const;
  double images_per_second() const;  ///< images and rejects of this run per extract_seconds
  /// What a million images cost; 0 without a price.
  double cost_per_million() const;
  /// Share of the time that a stage was at work, of what it could: 0 to 1.
  std::map<std::string, double> busy() const;

  std::string ToJson() const;
};

/// Does the run. Running the same again continues where it stopped; see docs/format/output.md
/// for what is safe when. One run per output at a time, on any machine.
///
/// A table keeps the rule by which its source is listed: default patterns of another version, and
/// names that only this version takes or leaves out, hold for new tables.
///
/// Errors: Invalid (an option, other options than the output's, a source that changed,
/// an output that is taken, is the source or holds it, a source that is one file and no image; then
/// nothing is changed), KeyError (model, tensor), DamagedData (the output; a bad image with
/// `fail_on_reject`), IOError (source, output; all images vanished), ExecutionError (rejects:
/// max_rejects), Cancelled (extract.stop). Whatever ends it, the output can be continued.
arrow::Result<RunReport> Run(const RunOptions& options);

}  // namespace pomona
