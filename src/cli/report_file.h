#pragma once

#include <arrow/status.h>

#include <string>

namespace pomona::cli {

/// Invalid where the file of a `--report` cannot be written, so that this is not found out after
/// hours of work. Creates nothing. An empty path, which is no report, is fine.
arrow::Status CheckReportFile(const std::string& path);

/// Writes the report, JSON, in place of what the file held; nothing where the path is empty.
/// IOError.
arrow::Status WriteReportFile(const std::string& path, const std::string& json);

}  // namespace pomona::cli
