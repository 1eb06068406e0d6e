#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pomona/features/feature_table.h"
#include "pomona/neighbor_index.h"
#include "pomona/neighbours/index_file.h"

namespace pomona {

/// A table that is searched by an index. A value; immutable but for Save.
class SiftedTable {
 public:
  /// Maps the index of `table`, or reads the table and makes one in memory, where there is no file.
  /// Errors: NeighborIndex::Open's.
  static arrow::Result<SiftedTable> Open(FeatureTable& table, const NeighborIndexOptions& options,
                                         int threads);

  /// Writes the file, if there was none.
  arrow::Status Save() const;

  bool made() const { return made_; }
  const FeatureMatrix& matrix() const { return rows_.matrix; }

  /// `among`: rows of the matrix, ascending, that may be found; empty: all. `ids` are rows of the
  /// matrix. Errors: NeighborIndex::Find's.
  arrow::Result<Neighbors> Find(const FeatureView& queries, const NeighborOptions& options,
                                const std::vector<int64_t>& among) const;

  /// DamagedData, naming the row: its features are not those that were written.
  arrow::Status CheckRow(int64_t row) const;
  /// Of all rows. Cost: one pass over the features.
  arrow::Status CheckRows(int threads) const;

 private:
  SiftedTable(WholeFile file, IndexedRows rows, bool made)
      : file_(std::move(file)), rows_(std::move(rows)), made_(made) {}

  WholeFile file_;
  IndexedRows rows_;
  bool made_ = false;
};

}  // namespace pomona
