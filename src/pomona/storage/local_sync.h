#pragma once

#include <arrow/status.h>

#include <string>

namespace pomona {

/// Has the local disk keep a file's contents, or a folder's names. Some file systems (FUSE, SMB)
/// have no fsync for folders, and say so with EINVAL: there is nothing more to do on them. IOError.
arrow::Status SyncLocal(const std::string& path);

}  // namespace pomona
