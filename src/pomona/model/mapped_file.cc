#include "pomona/model/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pomona {

arrow::Result<std::unique_ptr<MappedFile>> MappedFile::Open(const std::string& path) {
  auto failed = [&] {
    return arrow::Status::IOError("cannot read `", path, "`: ", std::strerror(errno));
  };
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed();
  struct stat info;
  void* mapped = nullptr;
  bool ok = fstat(fd, &info) == 0;
  // An empty file cannot be mapped; it is an empty span.
  if (ok && info.st_size > 0) {
    mapped = mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE,
                  fd, 0);
    ok = mapped != MAP_FAILED;
  }
  const arrow::Status status = ok ? arrow::Status::OK() : failed();
  close(fd);
  ARROW_RETURN_NOT_OK(status);
  return std::unique_ptr<MappedFile>(
      new MappedFile({static_cast<const uint8_t*>(mapped), static_cast<size_t>(info.st_size)}));
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<uint8_t*>(bytes_.data()), bytes_.size());
}

}  // namespace pomona
