#include "pomona/table/local_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "pomona/storage/local_sync.h"
#include "pomona/table/real_folders.h"

namespace pomona {

arrow::Status LocalStore::Prepare() {
  ARROW_RETURN_NOT_OK(RefuseLinkedFolders(path()));
  return MovingStore::Prepare();
}

arrow::Status LocalStore::Delete(const std::string& name) {
  return Explained(RemoveBelow(path(), name, NewName("removed")));
}

arrow::Status LocalStore::Move(const std::string& from, const std::string& to) {
  return filesystem()->Move(from, to);
}

arrow::Result<bool> LocalStore::MoveNew(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno == EINVAL || errno == ENOSYS) {
    // NFS, and what else does not know the flag, has this instead.
    if (::link(from.c_str(), to.c_str()) == 0) {
      ::unlink(from.c_str());
      return true;
    }
    if (errno == EEXIST) return false;
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
      if (::access(to.c_str(), F_OK) == 0) return false;
      ARROW_RETURN_NOT_OK(filesystem()->Move(from, to));
      return true;
    }
  }
  return arrow::Status::IOError("cannot rename ", from, " to ", to, ": ", std::strerror(errno));
}

arrow::Status LocalStore::Sync(const std::string& path) { return SyncLocal(path); }

}  // namespace pomona
