#include "pomona/storage/local_sync.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pomona {

arrow::Status SyncLocal(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && (::fsync(fd) == 0 || errno == EINVAL);
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return arrow::Status::OK();
  return arrow::Status::IOError("cannot sync ", path, ": ", std::strerror(error));
}

}  // namespace pomona
