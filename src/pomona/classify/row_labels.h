#pragma once

#include <arrow/array/array_binary.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/features/feature_table.h"
#include "pomona/storage.h"

namespace pomona {

/// The most labels: their numbers are 16 bits wide in files.
inline constexpr int64_t kMostLabels = 65'535;

/// Whether a table has a column of this name that can be read as text.
bool HasText(const arrow::Schema& schema, const char* name);

/// Of each row of a table, what it is.
struct RowLabels {
  std::vector<std::string> names;             ///< labels, in byte order
  std::vector<int32_t> label;                 ///< [rows]: an index of `names`, or -1: it has none
  std::string target;                         ///< of the map; empty without one
  std::shared_ptr<arrow::StringArray> paths;  ///< [rows]; null where they were not asked for
  std::vector<std::string> remarks;           ///< of the map, for people: what it took and left out
};

/// Where labels come from.
struct LabelSource {
  std::string map;  ///< a label map (LabelMap), a path or URI; empty: the column `label` as it is
  std::string target;  ///< a target of the map; empty: its first
  bool paths = false;  ///< read the paths as well
};

/// Reads them. A null or empty label is none. Invalid: the table has no column `label` of text, or
/// no `path` where that is needed; a map that takes no row, a target that it has not. DamagedData:
/// more than kMostLabels labels; no map. Cancelled. Memory: 4 bytes a row, its path where that is
/// read, and its label where there is a map.
arrow::Result<RowLabels> ReadRowLabels(FeatureTable& table, const LabelSource& source,
                                       const StorageOptions& storage, const arrow::StopToken& stop);

}  // namespace pomona
