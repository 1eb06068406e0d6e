#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/plan.h"
#include "pomona/public.h"
#include "pomona/run.h"

namespace POMONA_PUBLIC pomona {

/// Images, or the rows of a feature table, become a table of answers.
struct PredictOptions {
  /// `list.source` holds images or is a feature table: a Parquet file, a folder with `_SUCCESS` or
  /// `_pomona` in it, or one that holds no image but Parquet files. `output`: a folder or URI.
  ///
  /// Images are read and written by all options of a run, but those that make features
  /// (Option::makes_features): these are the classifier's, and are left as they are.
  ///
  /// A table takes `overwrite`, `extract.threads`, `extract.storage` and `extract.stop`.
  RunOptions run;

  /// The file that `pomona train` wrote.
  std::string classifier;

  /// The network of images' features: its path. Empty: by its name in the catalogue, which the
  /// classifier knows.
  std::string model;

  /// The column of a table that holds the features.
  std::string column = "features";

  /// Keep the features of images as well, in a column before the answers: 4 bytes each.
  bool keep_features = false;

  /// Images, or rows, of each file of the output. Absent: run.rows_per_file images, 65,536 rows.
  std::optional<int64_t> rows_per_file;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// A classifier, and how often it said what.
struct TargetAnswers {
  Classifier classifier;
  int64_t unknown = 0;  ///< rows of this run that look like no class
  int64_t single = 0;   ///< rows of this run whose set has one label
};

/// What a run did.
struct PredictReport {
  std::string version, source, output;
  std::vector<TargetAnswers> targets;  ///< those of the classifier's file
  int64_t rows = 0;     ///< answered; of images all of the table, whatever runs answered them
  int64_t skipped = 0;  ///< rows without features; of images those that are rejects
  int64_t parts = 0;    ///< files of the output
  /// A run of the same options and source had made the table: nothing was done, and what was
  /// counted then is in its report.
  bool finished_before = false;
  double seconds = 0;
  int64_t peak_memory_bytes = 0;
  std::optional<RunReport> run;  ///< of images

  std::string ToJson() const;
};

/// Answers a source. `predicted`, `probability`, `set`, `unknown`, `unknown_score`, `probabilities`
/// and, where the classifier has prototypes, `nearest` come behind the other columns; of a file of
/// several targets those of each, their names ended by `_TARGET`: docs/format/classifier.md.
///
/// Images: a run as Run does it, which makes the features that the classifier learned from, without
/// views, and writes `path`, `label` and the answers. The same call continues it; rejects, `update`
/// and `repair` are those of Run. The classifier is part of the table: another one is refused.
/// Cost: that of Run, and 2 * rank * (dim + classes) operations an image.
///
/// A table: it is read once; one of Pomona's before that, to prove that it is, byte for byte, what
/// was written. All columns but the features and `views` stay. Rows keep their order. Whatever ends
/// it after the output was begun, `_SUCCESS` is not there, and the same call starts anew.
///
/// Memory does not grow with the source.
///
/// Errors: those of Run; Invalid (an option; features of another kind than the classifier learned
/// from, or that it does not say; a source that is neither; then nothing is changed), KeyError (the
/// network), DamagedData (no classifier; a row of another length, or with a value that is not
/// finite), IOError, OutOfMemory, Cancelled.
arrow::Result<PredictReport> Predict(const PredictOptions& options);

/// What Predict would do now with images, as MakePlan tells it of Run. Invalid: a feature table.
arrow::Result<Plan> PlanPredict(const PredictOptions& options);

}  // namespace pomona
