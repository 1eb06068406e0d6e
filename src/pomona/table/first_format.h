#pragma once

#include <arrow/result.h>

#include <optional>
#include <vector>

#include "pomona/table/output_store.h"
#include "pomona/table/part_record.h"

namespace pomona {

/// A table of 0.1.0: `_pomona/run.json` and, in `_pomona/manifest/`, one small file a part. Of a
/// part that was rewritten the highest revision counts; an entry of zero bytes does not count
/// (Azure shows one while an upload is under way).
struct FirstFormatTable {
  RunRecord run;
  std::vector<PartRecord> parts;  ///< by index, without a gap
};

/// nullopt if there is none. DamagedData if it is damaged.
arrow::Result<std::optional<FirstFormatTable>> LoadFirstFormat(const OutputStore& store);

}  // namespace pomona
