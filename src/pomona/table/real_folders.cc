#include "pomona/table/real_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "pomona/shown_text.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

/// A folder that is open, to go on from.
class OpenFolder {
 public:
  explicit OpenFolder(const std::string& root)
      : fd_(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  ~OpenFolder() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;

  int fd() const { return fd_; }
  /// Goes down `path`, relative. False if that cannot be, and errno says why: ELOOP or ENOTDIR of a
  /// link.
  bool EnterAll(std::string_view path) {
    while (fd_ >= 0 && !path.empty()) {
      const size_t end = std::min(path.find('/'), path.size());
      const std::string name(path.substr(0, end));
      const int inside =
          ::openat(fd_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      const int error = errno;
      ::close(fd_);
      fd_ = inside;
      errno = error;
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    return fd_ >= 0;
  }

 private:
  int fd_;
};

arrow::Status Failed(const std::string& what, const std::string& path, int error) {
  if (error == ELOOP || error == ENOTDIR) {
    return arrow::Status::IOError(ShownUri(path), " lies behind a link, and stays");
  }
  return arrow::Status::IOError("cannot ", what, " ", ShownUri(path), ": ", std::strerror(error));
}

}  // namespace

arrow::Status RefuseLinkedFolders(const std::string& root) {
  for (const char* folder : {kPomonaFolder, kStatesFolder, kManifestFolder, kReferencesFolder,
                             kRejectsFolder, kLeaseFolder, kStagingFolder}) {
    const std::string path = root + "/" + folder;
    struct stat info;
    if (::lstat(path.c_str(), &info) != 0 || S_ISDIR(info.st_mode)) continue;
    return arrow::Status::Invalid(
        ShownUri(path), S_ISLNK(info.st_mode) ? " is a link" : " is no folder",
        "\nhint: a table writes and removes files there: it takes no folder of elsewhere");
  }
  return arrow::Status::OK();
}

arrow::Status RemoveBelow(const std::string& root, const std::string& name,
                          const std::string& by_way_of) {
  const std::string path = root + "/" + name;
  const size_t slash = name.rfind('/');
  const std::string base = slash == name.npos ? name : name.substr(slash + 1);
  OpenFolder from(root);
  if (!from.EnterAll(slash == name.npos ? "" : name.substr(0, slash))) {
    return errno == ENOENT ? arrow::Status::OK() : Failed("remove", path, errno);
  }
  OpenFolder way(root);
  const size_t last = by_way_of.rfind('/');
  const std::string removed = by_way_of.substr(last + 1);
  if (!way.EnterAll(by_way_of.substr(0, last))) return Failed("remove", path, errno);
  if (::renameat(from.fd(), base.c_str(), way.fd(), removed.c_str()) != 0) {
    const int error = errno;
    // Where `way` was taken away while it is open, the file may still be there.
    const bool gone =
        error == ENOENT && ::faccessat(from.fd(), base.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    return gone ? arrow::Status::OK() : Failed("remove", path, error);
  }
  const bool gone = ::unlinkat(way.fd(), removed.c_str(), 0) == 0 || errno == ENOENT;
  return gone ? arrow::Status::OK() : Failed("remove", path, errno);
}

}  // namespace pomona
