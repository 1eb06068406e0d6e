#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <string>

#include "pomona/feature_format.h"
#include "pomona/pca.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A feature table becomes a smaller one: principal components of its features.
struct PcaRunOptions {
  /// A folder of Parquet files, or one such file, local or a URI. Names that begin with `_` or
  /// `.` are skipped. With `csv`: one file, a matrix of numbers.
  std::string features;

  /// A folder or URI; see docs/format/pca.md for what appears in it.
  std::string output;

  PcaOptions pca;

  /// The output of an earlier run, or a saved model: its components are used, nothing is
  /// fitted. Then `pca` has to be the default.
  std::string model;

  /// The column of `features` to project; all others are kept.
  std::string column = "features";

  /// `features` is comma-separated text, with or without a line of names.
  bool csv = false;

  FeatureFormat features_as = FeatureFormat::kArray;

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
struct PcaRunReport {
  std::string version, features, output;
  std::optional<PcaModel> model;
  int64_t rows = 0;     ///< projected
  int64_t skipped = 0;  ///< rows without features
  int64_t parts = 0;    ///< files of the output
  /// A run of the same options and features had made the table: nothing was done, and `skipped` is
  /// not known.
  bool finished_before = false;
  double statistics_seconds = 0, solve_seconds = 0, project_seconds = 0, seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  std::string ToJson() const;
};

/// Reads the table twice: once for the statistics, once to project; and one of Pomona's before
/// that, to prove that it is, byte for byte, what was written. The output is begun only when the
/// components are known, and every row is known to be one. With `model` there is one pass, but for
/// a check of all rows before `overwrite` removes a table. Memory: the statistics (see
/// PcaStatistics), and some 64 MiB a core of rows on their way; it does not grow with the table.
///
/// Errors: Invalid (an option; an output that is not empty, is the table, or holds it; then nothing
/// is changed), DamagedData (no Parquet; a row of another length, or with a value that is not
/// finite: the message names the file and the row), IOError (table, output), OutOfMemory, Cancelled
/// (stop). A table that a run of the same options has made of the same features is left as it is.
/// Whatever ends it after the output was begun, `_SUCCESS` is not there, and the same
/// command starts anew.
arrow::Result<PcaRunReport> RunPca(const PcaRunOptions& options);

/// Loads `_pomona/pca.parquet` of an output, or the file itself: a path or URI.
/// IOError: missing or unreadable. DamagedData: no such model.
arrow::Result<PcaModel> LoadPcaModel(const std::string& path, const StorageOptions& storage = {});

}  // namespace pomona
