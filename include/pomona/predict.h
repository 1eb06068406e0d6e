#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <string>

#include "pomona/classifier.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A feature table becomes a table of answers.
struct PredictOptions {
  /// A folder of Parquet files, or one such file, local or a URI.
  std::string features;

  /// A folder or URI; see docs/format/classifier.md for what appears in it.
  std::string output;

  /// The file that `pomona train` wrote.
  std::string classifier;

  /// The column that holds the features.
  std::string column = "features";

  /// Rows of each file of the output.
  int64_t rows_per_file = 65'536;

  /// Cores to use. 0: all that this process may use.
  int threads = 0;

  /// Remove what a previous run left in `output`.
  bool overwrite = false;

  StorageOptions storage;

  /// Ends the run with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What a run did. Written as `_pomona/report.json`.
struct PredictReport {
  std::string version, features, output;
  std::optional<Classifier> classifier;
  int64_t rows = 0;     ///< answered
  int64_t skipped = 0;  ///< rows without features
  int64_t unknown = 0;  ///< rows that look like no class
  int64_t single = 0;   ///< rows whose set has one label
  int64_t parts = 0;    ///< files of the output
  /// A run of the same options and features had made the table: nothing was done, and what was
  /// counted then is in its report.
  bool finished_before = false;
  double seconds = 0;
  int64_t peak_memory_bytes = 0;

  std::string ToJson() const;
};

/// Reads the table once; one of Pomona's before that, to prove that it is, byte for byte, what was
/// written. All columns but the features and `views` stay; `predicted`, `probability`, `set`,
/// `unknown`, `unknown_score` and `probabilities` come behind them, in place of what had these
/// names. Rows keep their order. Memory does not grow with the table.
///
/// Errors: Invalid (an option; features of another kind than the classifier learned from; an output
/// that is not empty, is the table, or holds it; then nothing is changed), DamagedData (no
/// classifier; a row of another length, or with a value that is not finite), IOError, OutOfMemory,
/// Cancelled. Whatever ends it after the output was begun, `_SUCCESS` is not there, and the same
/// command starts anew.
arrow::Result<PredictReport> Predict(const PredictOptions& options);

}  // namespace pomona
