#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "pomona/neighbors.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// Which table an index is of, and where it lies.
struct NeighborIndexOptions {
  /// The table that is searched: a folder of Parquet files, or one such file, local or a URI.
  std::string features;

  /// The index: a file of this machine, which is mapped. docs/format/index.md.
  std::string index;

  /// The column that holds the features.
  std::string column = "features";

  /// Cores to use while it is made. 0: all that this process may use.
  int threads = 0;

  StorageOptions storage;

  /// Ends the work with Cancelled.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// A table that answers single queries at once: its rows as they are, and once more in a fifth of
/// the bytes, by which most rows are left out. The answers are exact, as those of FindNeighbors.
/// Immutable, thread-safe, cheap to copy.
class NeighborIndex {
 public:
  /// Opens the index of the table, and makes it first where there is no such file. To open it reads
  /// a fifth of it, and proves that; the rest is proved a row at a time, when it is used. To make
  /// it reads the table whole, and holds it: 5 bytes a feature, 4 more while it is read.
  ///
  /// Invalid, before anything is written: an option; an index of another table, or of this one
  /// before it changed (names, sizes and times of its files tell). DamagedData: the file is no
  /// index, is damaged or of a newer version, or the table is. IOError, OutOfMemory, Cancelled.
  static arrow::Result<NeighborIndex> Open(const NeighborIndexOptions& options);

  bool made() const;     ///< by this Open
  int64_t rows() const;  ///< with features
  int64_t dim() const;   ///< features a row

  /// The nearest rows of each query; ids count the rows of the table, those without features too.
  /// `where`: "label=NAME", only such rows are found; empty: all.
  ///
  /// Up to kSiftedQueries queries are sifted one by one, which reads a byte a feature and measures
  /// what is left in double: some milliseconds for 100,000 rows. More are computed together, as by
  /// FindNeighbors. Any number of threads gives the same bits.
  ///
  /// Invalid: an option, queries of another dim, k above the rows, a label that no row has.
  /// DamagedData: a value that is not finite, a row of the index that is damaged. OutOfMemory.
  /// Cancelled.
  arrow::Result<Neighbors> Find(const FeatureView& queries, const NeighborOptions& options,
                                const std::string& where = "") const;
  static constexpr int64_t kSiftedQueries = 32;

  /// Of a row of the table; empty: it has none, or no features.
  std::string path(int64_t id) const;
  std::string label(int64_t id) const;

  struct Impl;
  explicit NeighborIndex(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<const Impl> impl_;
};

}  // namespace pomona
