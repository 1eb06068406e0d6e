#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pomona/storage.h"
#include "pomona/table/lease.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// The output at `uri` on whatever store that is. Nothing is created yet.
arrow::Result<std::shared_ptr<OutputStore>> OpenOutput(const std::string& uri,
                                                       const StorageOptions& storage);

/// Invalid if `output` is one of `sources`, or one of them lies in it: OutputCheck::sources.
arrow::Status RefuseSourceAsOutput(const std::string& output,
                                   const std::vector<std::string>& sources);

/// Invalid if there are files or folders in the output that do not belong to a table. Parts and
/// `_SUCCESS`, of whoever's run, count as such unless `tables_may_go`.
arrow::Status RefuseForeignFiles(const OutputStore& store, bool tables_may_go);

/// The same of `names`, as OutputStore::Names has them, of the output `uri`.
arrow::Status RefuseForeignNames(const std::string& uri, const std::vector<std::string>& names,
                                 bool tables_may_go);

/// The output of one run while it is written: who may write there, what of it goes first, and when
/// it counts as whole. Every run that writes a table takes these steps, in this order: Claim, Clear
/// if it replaces what is there, Begin, CheckClaim before each commit, Finish. Whatever ends it in
/// between, nobody takes the output for finished. For one thread; destruction gives the claim back.
class TableOutput {
 public:
  /// Changes nothing.
  explicit TableOutput(std::shared_ptr<OutputStore> store) : store_(std::move(store)) {}

  /// Makes the folders and claims them. Invalid, naming the other run, if the output is taken.
  arrow::Status Claim();
  /// Whether the run that claimed the output last died rather than ended: see Lease::found_dead.
  bool found_dead() const { return lease_->found_dead(); }

  /// Removes what killed runs left half-written. A run that may refuse asks its questions first.
  arrow::Status ClearStaging() { return store_->ClearStaging(); }

  /// Removes what a run of Pomona, or of Spark, left: parts, `_SUCCESS` and everything of
  /// `_pomona/` but leases. What else lies there stays. The mark of success goes first and the run
  /// record last, so that a crash leaves nothing that looks whole.
  arrow::Status Clear();

  /// Takes `_SUCCESS` away before the first change. Does nothing the second time.
  arrow::Status Begin();
  /// Whether this run writes: Begin was called.
  bool begun() const { return begun_; }
  /// Whether anything of what was there may be gone.
  bool changed() const { return changed_; }

  /// ExecutionError if another run took the output over: see Lease::Check.
  arrow::Status CheckClaim() { return lease_->Check(); }

  /// Puts the report, then `_SUCCESS`, if the claim still holds.
  arrow::Status Finish(const std::string& report);

 private:
  const std::shared_ptr<OutputStore> store_;
  std::unique_ptr<Lease> lease_;
  bool begun_ = false;
  bool changed_ = false;
};

}  // namespace pomona
