#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pomona/report/report_rows.h"

namespace pomona {

/// Small pictures of some rows.
struct Thumbnails {
  std::vector<int64_t> rows;        ///< picture k is of rows[k]: cell k % kPerSheet of a sheet
  std::vector<std::string> sheets;  ///< WebP files: SpriteLayout
  int64_t missing = 0;              ///< pictures that were looked for and could not be read
};

/// Of the rows `wanted`, the most wanted first, as many as sheets of `most_bytes` in all hold, and
/// 10,000 at most, which is what a browser has memory for. Who asks for it can say what is missing
/// by the remarks, on "samples". Bytes are counted as base64 has them. Cancelled.
arrow::Result<Thumbnails> MakeThumbnails(const ReportRows& rows, std::span<const int64_t> wanted,
                                         int64_t most_bytes, int threads,
                                         const StorageOptions& storage,
                                         const arrow::StopToken& stop, Remarks* remarks);

}  // namespace pomona
