#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <memory>
#include <string>

#include "pomona/source/source.h"

namespace pomona {

/// Walks a folder of an Arrow filesystem depth first, one folder at a time, names sorted as
/// if those of folders ended in "/". `uri` is the URI of `path`, a folder or a file.
/// IOError if it does not exist or may not be listed, or a file has a negative size. `stop` is
/// looked at before each folder and page: see Source::List.
///
/// Memory: the folders from `path` to the current one; on Google's storage everything below
/// `path`, some 200 bytes and the name for each file.
arrow::Result<std::unique_ptr<Listing>> OpenArrowListing(
    std::shared_ptr<arrow::fs::FileSystem> filesystem, const std::string& path,
    const std::string& uri, arrow::StopToken stop);

}  // namespace pomona
