#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pomona/storage.h"
#include "pomona/storage/uri.h"
#include "pomona/table/lease.h"
#include "pomona/table/manifest.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// The output at `place`, which the user `named` so, on whatever store that is. Nothing is created
/// yet.
arrow::Result<std::shared_ptr<OutputStore>> OpenOutput(const Uri& place, const std::string& named,
                                                       const StorageOptions& storage);

/// Invalid if `output` is `source`, or that lies in it: see OutputCheck::sources.
arrow::Status RefuseSourceAsOutput(const Uri& output, const Uri& source);

/// Invalid if there are files or folders in the output that do not belong to a table. Parts and
/// `_SUCCESS`, of whoever's run, count as such unless `tables_may_go`.
arrow::Status RefuseForeignFiles(const OutputStore& store, bool tables_may_go);

/// The same of `names`, as OutputStore::Names has them, of the output `uri`.
arrow::Status RefuseForeignNames(const std::string& uri, const std::vector<std::string>& names,
                                 bool tables_may_go);

/// DamagedData if a part is missing or has another size than its manifest says. Cheap: one listing;
/// `pomona verify` reads the contents too.
arrow::Status RefuseLostParts(const OutputStore& store, const Manifest& manifest);

/// The output of one run while it is written: who may write there, what of it goes first, and when
/// it counts as whole. Every run that writes a table takes these steps, in this order: Claim,
/// Clear if it replaces what is there, Begin, Commit for each part, Finish.
/// Whatever ends it in between, nobody takes the output for finished. For one thread; destruction
/// gives the claim back.
class TableOutput {
 public:
  /// Changes nothing.
  explicit TableOutput(std::shared_ptr<OutputStore> store) : store_(std::move(store)) {}
  ~TableOutput();
  TableOutput(const TableOutput&) = delete;
  TableOutput& operator=(const TableOutput&) = delete;

  /// Makes the folders, claims them, and keeps runs out that only slept: see
  /// OutputStore::FenceOthers. Invalid, naming the other run, if the output is taken. A run that
  /// may refuse asks its questions first, and reads anew what it read before, which may have
  /// changed until now.
  arrow::Status Claim(Lease::Options options = {});
  /// Whether the run that claimed the output last died rather than ended: see Lease::found_dead.
  bool found_dead() const { return lease_->found_dead(); }
  /// The number in the names of all files that this run writes; right from Begin on.
  int epoch() const { return lease_->epoch(); }

  /// Removes what a run of Pomona, or of Spark, left: parts, `_SUCCESS` and everything of
  /// `_pomona/` but leases and states. What else lies there stays. The mark of success goes first,
  /// so that a crash leaves nothing that looks whole; the states go with the first table that comes
  /// behind them.
  arrow::Status Clear();

  /// Removes what killed runs and rewritten parts left: files that `manifest` does not name.
  arrow::Status RemoveOrphans(const Manifest& manifest);

  /// Takes `_SUCCESS` away before the first change, and opens `manifest` for this run: whoever
  /// wrote before commits no more. Does nothing the second time.
  /// `is_whole`: DamagedData if a part is not there (any more).
  arrow::Status Begin(Manifest& manifest, bool is_whole = true);
  /// Whether this run writes: Begin was called.
  bool begun() const { return begun_; }
  /// Whether anything of what was there may be gone.
  bool changed() const { return changed_; }

  /// IOError if another run took the output over: see Lease::Check.
  arrow::Status CheckClaim() { return lease_->Check(); }
  /// Commits a part whose files are written, to the manifest that was begun, if the claim still
  /// holds.
  arrow::Status Commit(Manifest& manifest, PartRecord part);

  /// Removes orphans, puts the report, then `_SUCCESS`, which seals `manifest`, if the claim still
  /// holds.
  arrow::Status Finish(const Manifest& manifest, const std::string& report);

 private:
  const std::shared_ptr<OutputStore> store_;
  bool claimed_ = false;
  std::unique_ptr<Lease> lease_;
  bool begun_ = false;
  bool changed_ = false;
};

}  // namespace pomona
