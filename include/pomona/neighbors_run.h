#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/neighbors.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// Which rows of a feature table are nearest: to each of its own rows, to those of another table,
/// or to photos.
struct NeighborsRunOptions {
  /// The table that is searched: a folder of Parquet files, or one such file, local or a URI.
  std::string features;

  /// Photos to find neighbours of: paths or URIs of files. Excludes `of`.
  std::vector<std::string> photos;

  /// A feature table whose rows are the queries. With neither, each row of `features` is one, and
  /// is not its own neighbour.
  std::string of;

  /// "label=NAME": only rows with this label are found. Empty: all.
  std::string where;

  /// A file of this machine that keeps the table for the next call (NeighborIndex), and is made if
  /// it is not there. The table itself is then looked at, not read. Empty: none.
  std::string index;

  NeighborOptions search;

  /// The column that holds the features.
  std::string column = "features";

  /// The network for `photos`. Empty: that of the table's record, by its name in the catalogue.
  /// Another network than the record's is refused.
  std::string model;

  /// A Parquet file to write. Empty: none.
  std::string output;

  /// Replace `output` if it is there.
  bool overwrite = false;

  StorageOptions storage;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// One row that was found.
struct FoundNeighbor {
  int64_t id = 0;  ///< row of the table, from 0 on
  double distance = 0;
  std::string path, label;  ///< empty: not known
};

/// What a run found, and at which cost.
struct NeighborsRunReport {
  std::string version, features, output, index;
  bool index_made = false;  ///< by this run
  int64_t rows = 0;         ///< that were searched
  int64_t queries = 0;      ///< that were asked
  int64_t skipped = 0;      ///< rows of both tables without features, which are left out
  int64_t dim = 0;          ///< features a row
  int64_t k = 0;
  std::string metric;
  double read_seconds = 0, search_seconds = 0, seconds = 0;
  int cores = 0;
  int64_t peak_memory_bytes = 0;

  /// Names of the queries and what was found for each, of the first kShownQueries.
  static constexpr int64_t kShownQueries = 100;
  std::vector<std::string> shown_queries;
  std::vector<std::vector<FoundNeighbor>> shown;

  /// One row a query, in their order: path utf8? (null: not known), neighbors struct<ids
  /// list<int64>, distances list<float>>. `ids` count the rows of the table from 0 on, those
  /// without features too. In batches of 65,536 rows.
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;

  std::string ToJson() const;
};

/// The schema of NeighborsRunReport::batches.
std::shared_ptr<arrow::Schema> NeighborsSchema();

/// Reads the tables whole, searches, and writes `output` when all is known. Same input, same bytes,
/// for any number of threads. Memory: 4 bytes a feature, twice while it grows, and what
/// FindNeighbors needs; of `where` a copy of the rows that are searched. With an index up to
/// NeighborIndex::kSiftedQueries photos or rows of `of` cost some milliseconds each.
///
/// Errors: Invalid, before anything is written: an option, an output that is there, k not below the
/// rows, a label that no row has, an index of another table, features of another network or length,
/// a table without a record of its network where photos are asked for. DamagedData: a row of
/// another length or not finite, a photo that gives no features, an index that is damaged.
/// KeyError: the model. IOError: a table or a photo is missing. OutOfMemory. Cancelled.
arrow::Result<NeighborsRunReport> RunNeighbors(const NeighborsRunOptions& options);

}  // namespace pomona
