#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pomona/report/report_rows.h"

namespace pomona {

/// An image that has no features.
struct PageReject {
  std::string path, reason, message;
};

/// What a table of Pomona's own says of how it was made.
struct TableRecord {
  bool ours = false;                               ///< else nothing is known
  std::optional<std::vector<PageReject>> rejects;  ///< in the table's order; nothing: not recorded
  std::string state;                               ///< its number and hash
  std::string options;                             ///< of its run, a JSON object
  std::string version;
  std::string finished;  ///< when `_SUCCESS` was written, ISO 8601 in UTC; empty: not known
  std::string report;    ///< what its last run said, a JSON object; empty: it did not
};

/// Reads it, with its rejects, of which all are kept. Remarks where there is none. DamagedData: a
/// file of rejects is not as it was written. IOError.
arrow::Result<TableRecord> ReadTableRecord(const ReportOptions& options, Remarks* remarks);

/// Seconds since the epoch as "2026-11-28T12:00:00Z".
std::string IsoTime(int64_t seconds);

}  // namespace pomona
