#include "pomona/table/local_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

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

/// Some file systems (FUSE, SMB) have no fsync for folders, and say so with EINVAL: there is
/// nothing more to do on them.
arrow::Status LocalStore::Sync(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && (::fsync(fd) == 0 || errno == EINVAL);
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return arrow::Status::OK();
  return arrow::Status::IOError("cannot sync ", path, ": ", std::strerror(error));
}

}  // namespace pomona
