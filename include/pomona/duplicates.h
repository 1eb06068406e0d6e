#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/neighbors.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// Cosine distance within which two rows are taken for one picture where nobody says another:
/// docs/guides/neighbors.md, "Duplicates".
inline constexpr double kNearDuplicate = 0.01;

/// When rows are taken for the same picture.
struct DuplicateOptions {
  /// Greatest cosine distance of any two rows of a set, 0 (equal up to their length) to below 1.
  double threshold = kNearDuplicate;

  /// Cores to use. 0: all that this process may use. The answer is the same for any number.
  int threads = 0;

  /// Ends the search with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// Sets of rows that are all within the threshold of each other.
struct DuplicateSets {
  /// [rows]: the set of each row, from 0 on in the order of their first rows; -1: it is alone.
  std::vector<int64_t> set;
  int64_t sets = 0;
  int64_t exact_sets = 0;  ///< sets of rows that are equal bit for bit
  int64_t exact_rows = 0;  ///< rows that are equal bit for bit to an earlier one
  int64_t pairs = 0;       ///< pairs of different rows within the threshold
};

/// Finds them. Rows that are equal bit for bit are one; the others are joined by complete linkage
/// (Sørensen 1948): the two sets whose farthest rows are nearest become one, as long as these are
/// within the threshold. So a set has no chain of unlike pictures, as it has where near ones are
/// joined to near ones. Of equal distances those of the lower rows come first.
///
/// Exact, see FindNeighbors. Cost: rows^2 x dim / 2 multiply-adds. Memory: some 100 bytes a pair.
/// Invalid: an option, more than 2^25 pairs (the threshold is too wide), 2^31 rows. DamagedData: a
/// value that is not finite. OutOfMemory. Cancelled.
arrow::Result<DuplicateSets> FindDuplicates(const FeatureView& rows,
                                            const DuplicateOptions& options);

/// The duplicates of a stored table. Of features of several levels those of the last layer are
/// compared: by early maps any two pictures are near.
struct DuplicatesRunOptions {
  /// A folder of Parquet files, or one such file, local or a URI; it has a column `path`.
  std::string features;

  DuplicateOptions duplicates;

  /// A Parquet file with columns `path` and `split`, both text. Empty: the first folder of a path
  /// that is called training, train, validation, val or test, in any case.
  std::string split;

  /// The column that holds the features.
  std::string column = "features";

  /// A Parquet file to write. Empty: none.
  std::string output;

  /// A text file to write: the paths to keep, one a line. Empty: none.
  std::string keep;

  /// Replace `output` and `keep` if they are there.
  bool overwrite = false;

  StorageOptions storage;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// One set, for people.
struct ShownDuplicates {
  int64_t set = 0;
  std::vector<std::string> paths;  ///< the first ones
  int64_t rows = 0;
  bool across_labels = false, across_splits = false;
};

/// What a run found.
struct DuplicatesRunReport {
  std::string version, features, output, keep;
  int64_t rows = 0, dim = 0;
  int64_t compared = 0;  ///< features of a row that pictures are compared by: its last layer
  int64_t skipped = 0;   ///< rows without features, which are left out
  double threshold = 0;
  int64_t sets = 0;  ///< of two rows or more
  int64_t rows_in_sets = 0;
  int64_t exact_sets = 0, exact_rows = 0;
  int64_t kept = 0;  ///< rows that are the first of their set, or in none
  int64_t sets_across_labels = 0, sets_across_splits = 0;
  bool labels_known = false;  ///< the table has a column of labels
  int64_t rows_with_split = 0;
  double read_seconds = 0, search_seconds = 0, seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  /// Those across labels first, then those across splits, then the largest.
  static constexpr size_t kShownSets = 10;
  std::vector<ShownDuplicates> shown;

  /// One row a row of the table, in its order: path utf8, set int64? (null: it is alone), label
  /// utf8?, keep bool. In batches of 65,536 rows.
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;

  std::string ToJson() const;
};

/// The schema of DuplicatesRunReport::batches.
std::shared_ptr<arrow::Schema> DuplicatesSchema();

/// Reads the table whole, finds its duplicates, and writes what is asked for when all is known.
/// Same input, same bytes, for any number of threads.
///
/// Errors: Invalid, before anything is written: an option, a file that is there, a table without
/// paths, a split file that lacks a path of the table or names one twice, and FindDuplicates'.
/// DamagedData, IOError, OutOfMemory, Cancelled.
arrow::Result<DuplicatesRunReport> RunDuplicates(const DuplicatesRunOptions& options);

}  // namespace pomona
