#pragma once

#include <string>

#include "pomona/report/report_rows.h"

namespace pomona {

/// The longest folder, with the slash at its end, that all paths begin with; empty where there is
/// none, or a row has no path.
std::string CommonFolder(const ReportRows& rows);

/// What a browser opens a local file by, where `prefix` begins the paths of local files
/// ("file:/photos/"): "file:///photos/", percent-encoded. Empty of any other.
std::string BrowserPrefix(const std::string& prefix);

}  // namespace pomona
