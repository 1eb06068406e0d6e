#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/source/source.h"

namespace pomona {

/// Walks a local folder depth first, each folder's names sorted as if those of folders
/// ended in "/": that is byte order of the whole URI. Holds the names of the folders from
/// the source down to where it is, no more. Follows symbolic links, except to a folder that
/// it is inside of. A name that cannot be stat'ed (a dangling link) is listed with size 0, so
/// that its fetch says why; devices, pipes and sockets are left out.
///
/// `path`: absolute, a folder or a file. IOError if it does not exist or may not be read; so
/// does Next for a folder below it, rather than leaving images out in silence. `stop` is looked at
/// before each page, and while a folder's names are read: see Source::List.
arrow::Result<std::unique_ptr<Listing>> OpenLocalListing(const std::string& path,
                                                         arrow::StopToken stop);

}  // namespace pomona
