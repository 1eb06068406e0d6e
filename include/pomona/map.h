#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>

#include "pomona/projection.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A feature table becomes one whose rows have a place in the plane, and their nearest rows.
struct MapOptions {
  /// A folder of Parquet files, or one such file, local or a URI.
  std::string features;

  /// A folder or URI.
  std::string output;

  /// `threads` and `stop` are those of the whole run.
  ProjectionOptions projection;

  /// The column of `features` that holds them.
  std::string column = "features";

  /// Keep that column, and `views`, in the output.
  bool keep_features = true;

  /// Rows of each file of the output.
  int64_t rows_per_file = 65'536;

  /// Remove what a previous run left in `output`.
  bool overwrite = false;

  StorageOptions storage;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What a run did. Written as `_pomona/report.json`.
struct MapReport {
  std::string version, features, output;
  int64_t rows = 0;      ///< of the output, as many as the table has
  int64_t skipped = 0;   ///< of these, rows without a place: they have no features
  int64_t unusable = 0;  ///< of these, rows whose features are of another length, or not finite
  int64_t dim = 0;       ///< features a row
  int64_t compared = 0;  ///< of these, those of the last layer, by which rows are compared
  int64_t neighbors = 0;
  std::string metric;
  bool kept_features = true;
  int64_t parts = 0;  ///< files of the output
  /// A run of the same options and features had made the table: nothing was done, and what was
  /// counted then is in its report.
  bool finished_before = false;
  double read_seconds = 0, projection_seconds = 0, write_seconds = 0, seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  std::string ToJson() const;
};

/// Reads the table twice: once to place its rows, by ProjectToPlane, once to write them; and one of
/// Pomona's before that, to prove that it is, byte for byte, what was written. The output has its
/// rows in their order and its columns (where they had these names, replaced), and behind them
/// `projection_x`, `projection_y` (float) and `neighbors` (struct<ids list<int64>, distances
/// list<float>>, the nearest first; ids are rows of the table, from 0 on): null for rows without a
/// place. Its features are still those that the table said they are, so all that reads a feature
/// table reads it.
///
/// Memory: 4 bytes a feature of the last layer, twice while it grows, and that of ProjectToPlane.
///
/// Errors: Invalid (an option; an output that is not empty, is the table, or holds it; then nothing
/// is changed), DamagedData (no Parquet; no row with features), IOError (table, output),
/// OutOfMemory, Cancelled. A table that a run of the same options has made of the same features is
/// left as it is. Whatever ends it after the output was begun, `_SUCCESS` is not there, and the
/// same call starts anew.
arrow::Result<MapReport> RunMap(const MapOptions& options);

}  // namespace pomona
