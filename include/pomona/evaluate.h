#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/evaluation.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A classifier is judged by rows whose labels are known.
struct EvaluateOptions {
  /// A folder of Parquet files, or one such file, local or a URI, with columns `path` and `label`.
  std::string features;

  /// The file that `pomona train` wrote.
  std::string classifier;

  /// The file of `pomona split` that it was trained by: its parts `test` and `held-out` judge.
  /// Empty: all rows judge, which is honest only where none of them was learned from.
  std::string split;

  /// The label map that it was trained by: see TrainOptions.
  std::string labels;

  /// The target of that map that judges; of a file of several targets the one that is judged.
  /// Empty: the classifier's own, or its map's first where it has none.
  std::string target;

  /// The column that holds the features.
  std::string column = "features";

  /// Draws of the bootstrap behind the intervals. 0: none.
  int draws = 2000;

  /// Cores to use. 0: all that this process may use. They do not change the numbers.
  int threads = 0;

  StorageOptions storage;

  /// Ends it with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// How good a classifier is.
struct EvaluateReport {
  std::string version, features, classifier;
  std::string target;    ///< of the classifier; empty: it learned the column `label` as it is
  int64_t left_out = 0;  ///< rows of other parts of the split, without a label, or without features

  /// "test": all rows that judge. Where the split has groups of which some rows were learned from,
  /// a second one, "other groups", of the rows of all others: the first is too kind then, and the
  /// second is what to believe.
  std::vector<Evaluation> evaluations;

  /// Sentences of what people should know.
  std::vector<std::string> remarks;

  std::string ToJson() const;
};

/// The reports of several targets as one JSON object: {"pomona", "features", "classifier",
/// "targets": [...]}. Of one target, its own.
std::string EvaluateReportsJson(const std::vector<EvaluateReport>& reports);

/// Judges one target. Reads the table once; one of Pomona's before that, to prove it. Intervals are of whole groups of
/// the split; without one each row is a group. Deterministic. Memory: 4 bytes a row and class, and
/// with a split its paths.
///
/// Errors: Invalid: an option, several targets of which none is named, features of another kind than the classifier learned from, a table
/// without labels, a split of another table, one that leaves nothing to judge by; DamagedData: no
/// classifier, a row of another length or that is not finite; IOError, OutOfMemory, Cancelled.
arrow::Result<EvaluateReport> Evaluate(const EvaluateOptions& options);

/// Judges all targets of the classifier's file, or the one that is named, and reads the table once
/// for each. A report each, in the file's order. Errors: as Evaluate.
arrow::Result<std::vector<EvaluateReport>> EvaluateTargets(const EvaluateOptions& options);

}  // namespace pomona
