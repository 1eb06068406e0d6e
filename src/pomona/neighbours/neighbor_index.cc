#include "pomona/neighbor_index.h"

#include <algorithm>
#include <new>
#include <vector>

#include "pomona/base/available_cores.h"
#include "pomona/features/feature_table.h"
#include "pomona/neighbours/label_rows.h"
#include "pomona/neighbours/sifted_table.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

struct NeighborIndex::Impl {
  std::string features;
  SiftedTable table;

  std::string TextOf(const std::shared_ptr<arrow::StringArray>& column, int64_t id) const {
    const FeatureMatrix& matrix = table.matrix();
    int64_t row = id;
    if (!matrix.table_rows.empty()) {
      const auto at = std::ranges::lower_bound(matrix.table_rows, id);
      if (at == matrix.table_rows.end() || *at != id) return "";
      row = at - matrix.table_rows.begin();
    }
    if (column == nullptr || row < 0 || row >= matrix.rows || column->IsNull(row)) return "";
    return column->GetString(row);
  }
};

Status NeighborIndexOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_ASSIGN_OR_RAISE(const Uri place, Uri::Parse(index));
  if (place.scheme != Scheme::kLocal) {
    return Status::Invalid("option `index` must be a file of this machine, not ", ShownUri(index));
  }
  return CheckThreads(threads);
}

Result<NeighborIndex> NeighborIndex::Open(const NeighborIndexOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    ARROW_ASSIGN_OR_RAISE(const auto table, FeatureTable::Open({.uri = options.features,
                                                                .column = options.column,
                                                                .threads = threads,
                                                                .storage = options.storage}));
    ARROW_ASSIGN_OR_RAISE(auto sifted, SiftedTable::Open(*table, options, threads));
    ARROW_RETURN_NOT_OK(sifted.Save());
    return NeighborIndex(std::make_shared<const Impl>(Impl{options.features, std::move(sifted)}));
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the index of ",
                               ShownUri(options.features));
  }
}

bool NeighborIndex::made() const { return impl_->table.made(); }
int64_t NeighborIndex::rows() const { return impl_->table.matrix().rows; }
int64_t NeighborIndex::dim() const { return impl_->table.matrix().dim; }

std::string NeighborIndex::path(int64_t id) const {
  return impl_->TextOf(impl_->table.matrix().path, id);
}

std::string NeighborIndex::label(int64_t id) const {
  return impl_->TextOf(impl_->table.matrix().label, id);
}

Result<Neighbors> NeighborIndex::Find(const FeatureView& queries, const NeighborOptions& options,
                                      const std::string& where) const {
  ARROW_RETURN_NOT_OK(CheckWhere(where));
  try {
    const FeatureMatrix& matrix = impl_->table.matrix();
    std::vector<int64_t> among;
    if (!where.empty()) {
      ARROW_ASSIGN_OR_RAISE(among, RowsWhere(matrix, where, impl_->features));
    }
    ARROW_ASSIGN_OR_RAISE(auto found, impl_->table.Find(queries, options, among));
    for (int64_t& id : found.ids) id = matrix.table_row(id);
    return found;
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the neighbours");
  }
}

}  // namespace pomona
