#include "pomona/source/local/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "pomona/reject.h"
#include "pomona/source/encoded_buffer.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

class File {
 public:
  // A pipe must not block the open: only a listing would have left it out.
  explicit File(const char* path) : fd_(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Status RejectedErrno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Rejected(RejectReason::kNotFound, "no such file");
    case EACCES:
    case EPERM:
      return Rejected(RejectReason::kForbidden, "no permission to read");
    default:
      return Rejected(RejectReason::kIoError, std::strerror(error));
  }
}

Result<std::shared_ptr<arrow::Buffer>> ReadAll(int fd, const ImageRef& ref) {
  struct stat info;
  if (fstat(fd, &info) != 0) return RejectedErrno(errno);
  if (!S_ISREG(info.st_mode)) return Rejected(RejectReason::kIoError, "not a file");
  const int64_t size = info.st_size;
  if (ref.size != kUnknownSize && size != ref.size) {
    return Rejected(RejectReason::kChanged,
                    "size is " + std::to_string(size) + ", was " + std::to_string(ref.size));
  }
  if (ref.mtime_us != 0 && ModificationMicroseconds(info) != ref.mtime_us) {
    return Rejected(RejectReason::kChanged, "modified since the listing");
  }
  if (size > ref.max_bytes) return TooManyBytes(size, ref.max_bytes);
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, AllocateEncoded(size));
  int64_t have = 0;
  while (have < size) {
    const ssize_t got = read(fd, buffer->mutable_data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return RejectedErrno(errno);
    if (got == 0) return Rejected(RejectReason::kChanged, "became shorter while it was read");
    have += got;
  }
  return buffer;
}

}  // namespace

Result<std::shared_ptr<arrow::Buffer>> ReadLocalFile(const ImageRef& ref) {
  const std::string& path = ref.uri.path;
  const File file(path.c_str());
  if (file.fd() >= 0) return ReadAll(file.fd(), ref);
  if (errno != ENOENT || path.find("\\x") == std::string::npos) return RejectedErrno(errno);
  const File raw(UnescapeInvalidUtf8(path).c_str());
  if (raw.fd() < 0) return RejectedErrno(errno);
  return ReadAll(raw.fd(), ref);
}

}  // namespace pomona
