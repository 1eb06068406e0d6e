#include "pomona/neighbours/sifted_table.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "pomona/base/available_cores.h"
#include "pomona/error_kind.h"
#include "pomona/neighbours/feature_view_check.h"
#include "pomona/neighbours/label_rows.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kMadeAnew[] = "\nhint: remove it, and it is made anew";

RowMetric SiftMetric(const NeighborOptions& options) {
  return options.metric == NeighborMetric::kCosine ? RowMetric::kCosine : RowMetric::kEuclidean;
}

/// An index is of one state of one table.
Status CheckIndexed(const IndexRecord& record, const FeatureTable& table,
                    const NeighborIndexOptions& options) {
  if (record.column != options.column) {
    return Status::Invalid("the index ", ShownUri(options.index), " is of column ",
                           ShownText(record.column), ", not of ", ShownText(options.column));
  }
  if (record.fingerprint == table.fingerprint()) return Status::OK();
  return Status::Invalid("the index ", ShownUri(options.index), " is not of ",
                         ShownUri(options.features), " as that table is now", kMadeAnew);
}

Result<IndexedRows> MakeIndex(FeatureTable& table, const NeighborIndexOptions& options,
                              int threads) {
  ARROW_ASSIGN_OR_RAISE(auto matrix,
                        ReadFeatureMatrix(table, options.features, options.column, options.stop));
  ThreadTeam team(threads);
  return IndexRows(
      std::move(matrix),
      {.fingerprint = table.fingerprint(), .column = options.column, .made_of = table.made_of()},
      team);
}

Status CheckOneRow(const IndexedRows& rows, int64_t row) {
  const auto values = rows.matrix.row(row);
  if (CheckOfRow(values.data(), rows.matrix.dim) == rows.checks[row]) return Status::OK();
  return DamagedData("the index is damaged: row ", rows.matrix.table_row(row),
                     " is not what was written", kMadeAnew);
}

}  // namespace

Result<SiftedTable> SiftedTable::Open(FeatureTable& table, const NeighborIndexOptions& options,
                                      int threads) {
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(options.index));
  ARROW_ASSIGN_OR_RAISE(auto file, WholeFile::At(options.index, options.storage));
  std::error_code error;
  if (!std::filesystem::exists(uri.path, error)) {
    ARROW_RETURN_NOT_OK(file.CheckCanPut(/*overwrite=*/false));
    ARROW_ASSIGN_OR_RAISE(auto rows, MakeIndex(table, options, threads));
    return SiftedTable(std::move(file), std::move(rows), /*made=*/true);
  }
  if (std::filesystem::is_directory(uri.path, error)) {
    return Status::Invalid("option `index`: ", ShownUri(options.index), " is a folder");
  }
  ARROW_ASSIGN_OR_RAISE(auto rows, ReadIndex(uri.path, options.index));
  ARROW_RETURN_NOT_OK(CheckIndexed(rows.record, table, options));
  return SiftedTable(std::move(file), std::move(rows), /*made=*/false);
}

Status SiftedTable::Save() const { return made_ ? WriteIndex(file_, rows_) : Status::OK(); }

Status SiftedTable::CheckRow(int64_t row) const { return CheckOneRow(rows_, row); }

Status SiftedTable::CheckRows(int threads) const {
  constexpr int64_t kRowsATask = 4096;
  const int64_t tasks = (rows_.matrix.rows + kRowsATask - 1) / kRowsATask;
  std::vector<Status> found(static_cast<size_t>(tasks));
  ThreadTeam(threads).Run(tasks, [&](int64_t task) {
    const int64_t end = std::min(rows_.matrix.rows, (task + 1) * kRowsATask);
    Status& status = found[static_cast<size_t>(task)];
    for (int64_t i = task * kRowsATask; i < end && status.ok(); ++i) status = CheckRow(i);
  });
  for (const Status& status : found) ARROW_RETURN_NOT_OK(status);
  return Status::OK();
}

Result<Neighbors> SiftedTable::Find(const FeatureView& queries, const NeighborOptions& options,
                                    const std::vector<int64_t>& among) const {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckFeatureView(queries, "queries"));
  const FeatureMatrix& matrix = rows_.matrix;
  if (queries.dim != matrix.dim) {
    return Status::Invalid("queries have ", queries.dim, " features, rows ", matrix.dim);
  }
  const int64_t searched = among.empty() ? matrix.rows : static_cast<int64_t>(among.size());
  if (options.k > searched) {
    return Status::Invalid("option `k` is ", options.k, ", there are only ", searched, " rows");
  }
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  const Rows rows = {.values = matrix.row(0).data(), .count = matrix.rows, .dim = matrix.dim};
  if (queries.rows() <= NeighborIndex::kSiftedQueries) {
    ThreadTeam team(threads);
    const auto check = [&](int64_t row) { return CheckRow(row); };
    ARROW_ASSIGN_OR_RAISE(auto nearest,
                          SiftNearestRows(RowsOf(queries), rows, rows_.copy, among, options.k,
                                          SiftMetric(options), team, check, options.stop));
    return Neighbors{
        .k = nearest.k, .ids = std::move(nearest.rows), .distances = std::move(nearest.distances)};
  }
  ARROW_RETURN_NOT_OK(CheckRows(threads));
  if (among.empty()) {
    const auto values = std::span(rows.values, static_cast<size_t>(rows.count * rows.dim));
    return FindNeighbors(queries, {.values = values, .dim = rows.dim}, options);
  }
  const std::vector<float> chosen = GatherRows(matrix, among);
  ARROW_ASSIGN_OR_RAISE(auto found,
                        FindNeighbors(queries, {.values = chosen, .dim = rows.dim}, options));
  for (int64_t& id : found.ids) id = among[static_cast<size_t>(id)];
  return found;
}

}  // namespace pomona
