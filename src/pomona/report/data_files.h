#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/report/page_data.h"

namespace pomona {

/// The folder of data files: that of the options, or the page's name without `.html`.
std::string DataFolder(const ReportOptions& options);

/// Whether they can be written, and changes nothing. Invalid: one of them is there and `overwrite`
/// is not set; the folder is a file, or what it shall lie in is missing.
arrow::Status CheckDataFiles(const ReportOptions& options);

/// Writes all of them, empty ones, too, so that none of another page is left:
/// docs/format/report.md.
arrow::Status WriteDataFiles(const PageData& page);

}  // namespace pomona
