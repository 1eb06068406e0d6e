#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pomona/table/output_store.h"
#include "pomona/table/part_record.h"
#include "pomona/table/state.h"

namespace pomona {

/// Which files a table has: its newest committed state, and how it gets another. States are small
/// files that are never replaced, in `_pomona/states/`, each created under the number after the
/// last; so of two writers that commit at once only one can (OutputStore::PutNew), and a commit
/// is the appearance of one file on every kind of store. What is before the newest base, which
/// names all parts, is removed. Memory: about 600 bytes a part. For one thread.
class Manifest {
 public:
  /// nullopt if the output has none. DamagedData if it is damaged; Invalid if a newer version wrote
  /// it. Reads tables of 0.1.0, too. Cost: one listing, and at most 1,024 small files and one of
  /// 600 kB for each 1,024 parts, 32 at once.
  static arrow::Result<std::optional<Manifest>> Load(const OutputStore& store);
  /// A new table, which has no state yet: its first will come behind those that are there.
  static arrow::Result<Manifest> New(const OutputStore& store, RunRecord run);

  const RunRecord& run() const { return run_; }
  const std::vector<PartRecord>& parts() const { return parts_; }
  const TableTotals& totals() const { return totals_; }
  /// 0 for an empty table.
  int last_generation() const;
  /// Number of the newest state; -1: none, as in tables of 0.1.0.
  int64_t number() const { return number_; }
  /// SHA-256 of that state, which has the hash of the one before it: the table's fingerprint. Empty
  /// if there is none.
  const std::string& root() const { return root_; }
  /// The highest of all runs that wrote to the table; -1: none.
  int epoch() const { return epoch_; }
  /// Whether the table needs this state or segment.
  bool Uses(const std::string& name) const;
  /// Whether no other state has come since: by one look at the store.
  arrow::Result<bool> IsNewest(const OutputStore& store) const;

  /// Commits a state without a change: from here on the run of this epoch is the one that writes.
  /// IOError if another run committed meanwhile.
  arrow::Status Open(OutputStore& store, int epoch);
  /// Appends (index == parts().size()) or replaces a part. After it, the part is committed. IOError
  /// if another run committed meanwhile. After Open.
  arrow::Status Commit(OutputStore& store, PartRecord part);

 private:
  explicit Manifest(RunRecord run) : run_(std::move(run)) {}
  arrow::Status TakeState(TableState state);
  arrow::Status TakeSegments(const OutputStore& store, const TableState::Base& base);
  arrow::Status TakePart(PartRecord part);
  arrow::Status CheckTotals(const TableTotals& said);
  arrow::Result<std::vector<std::string>> WriteSegments(OutputStore& store, int64_t number);
  arrow::Status Append(OutputStore& store, std::optional<PartRecord> change);

  RunRecord run_;
  std::vector<PartRecord> parts_;
  TableTotals totals_;
  int64_t number_ = -1;
  std::string root_;
  int epoch_ = -1;
  int64_t base_ = -1;                    ///< the newest base; -1: none yet
  std::vector<SegmentRecord> segments_;  ///< of the newest base
  std::set<size_t> changed_segments_;    ///< since
};

}  // namespace pomona
