#pragma once

#include <arrow/status.h>

#include <string>

namespace pomona {

// A table on a local disk is removed and replaced file by file. Whoever put a link where one of its
// folders should be would have that done to another folder.

/// Invalid, naming it, if one of the folders that a table has below `root` is no folder, or is a
/// link to one. What is missing is fine; `root` itself may be a link.
arrow::Status RefuseLinkedFolders(const std::string& root);

/// Removes the file `name` (relative, with slashes) below `root`, going down folder by folder
/// through no link (openat(2) with O_NOFOLLOW). A file that is a link is removed itself. It is
/// moved to `by_way_of`, relative too, and removed there: where the folder of that is gone,
/// nothing is removed. OK if there is no such file. IOError says what the system said, or that a
/// folder is a link.
arrow::Status RemoveBelow(const std::string& root, const std::string& name,
                          const std::string& by_way_of);

}  // namespace pomona
