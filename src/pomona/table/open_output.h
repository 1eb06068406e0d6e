#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/storage.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// The output at `uri` on whatever store that is. Nothing is created yet.
arrow::Result<std::shared_ptr<OutputStore>> OpenOutput(const std::string& uri,
                                                       const StorageOptions& storage);

/// Removes what a run of Pomona, or of Spark, left in an output: parts, `_SUCCESS` and
/// everything of `_pomona/` but leases. What else lies there stays. The mark of success
/// goes first and the run record last, so that a crash leaves nothing that looks whole.
arrow::Status ClearOutput(OutputStore& store);

/// Invalid if `output` is one of `sources`, or one of them lies in it: OutputCheck::sources.
arrow::Status RefuseSourceAsOutput(const std::string& output,
                                   const std::vector<std::string>& sources);

/// Invalid if there are files or folders in the output that do not belong to a table. Parts and
/// `_SUCCESS`, of whoever's run, count as such unless `tables_may_go`.
arrow::Status RefuseForeignFiles(const OutputStore& store, bool tables_may_go);

/// The same of `names`, as OutputStore::Names has them, of the output `uri`.
arrow::Status RefuseForeignNames(const std::string& uri, const std::vector<std::string>& names,
                                 bool tables_may_go);

}  // namespace pomona
