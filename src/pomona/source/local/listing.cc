#include "pomona/source/local/listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pomona/shown_text.h"
#include "pomona/source/hidden_name.h"
#include "pomona/source/local/file.h"
#include "pomona/source/one_file_listing.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kPage = 1024;

Status ListError(const std::string& path, int error) {
  const std::string name = ShownUri(path);
  if (error == ENOENT || error == ENOTDIR) return Status::IOError(kSourceMissing, name);
  if (error == EACCES || error == EPERM) {
    return Status::IOError("may not be read: ", name, "\nhint: check its permissions");
  }
  return Status::IOError("cannot be listed: ", name, ": ", std::strerror(error));
}

struct DirCloser {
  void operator()(DIR* dir) const { closedir(dir); }
};

// The sorted names of one folder, in one block of memory: a folder may hold millions.
class Folder {
 public:
  // `path` and `uri` end in "/"; they differ where a name is not UTF-8.
  static Result<Folder> Open(std::string path, std::string uri, const arrow::StopToken& stop) {
    Folder folder;
    folder.dir_.reset(opendir(path.c_str()));
    if (folder.dir_ == nullptr) return ListError(path, errno);
    struct stat info;
    if (fstat(folder.fd(), &info) != 0) return ListError(path, errno);
    folder.device_ = info.st_dev;
    folder.inode_ = info.st_ino;
    folder.path_ = std::move(path);
    folder.uri_ = std::move(uri);
    ARROW_RETURN_NOT_OK(folder.ReadNames(stop));
    return folder;
  }

  bool done() const { return next_ == entries_.size(); }
  bool IsSame(const Folder& other) const {
    return device_ == other.device_ && inode_ == other.inode_;
  }
  int fd() const { return dirfd(dir_.get()); }

  // The next name; that of a folder ends in "/". Valid until the next call.
  std::string_view Take() { return Name(entries_[next_++]); }

  // The bytes of a name in the file system.
  std::string Raw(std::string_view name) const {
    const auto found = raw_names_.find(std::string(name));
    return found == raw_names_.end() ? std::string(name) : found->second;
  }

  const std::string& path() const { return path_; }
  const std::string& uri() const { return uri_; }

 private:
  struct Entry {
    size_t offset;
    size_t length;
  };

  std::string_view Name(const Entry& entry) const {
    return std::string_view(names_).substr(entry.offset, entry.length);
  }

  enum class Type { kFile, kFolder, kOther };

  Type TypeOf(const dirent& entry) const {
    if (entry.d_type == DT_REG) return Type::kFile;
    if (entry.d_type == DT_DIR) return Type::kFolder;
    if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return Type::kOther;
    struct stat info;
    if (fstatat(fd(), entry.d_name, &info, 0) != 0) return Type::kFile;
    if (S_ISDIR(info.st_mode)) return Type::kFolder;
    return S_ISREG(info.st_mode) ? Type::kFile : Type::kOther;
  }

  Status ReadNames(const arrow::StopToken& stop) {
    for (size_t read = 0;; ++read) {
      if (read % kPage == 0) ARROW_RETURN_NOT_OK(stop.Poll());
      errno = 0;
      const dirent* entry = readdir(dir_.get());
      if (entry == nullptr) {
        if (errno != 0) return ListError(path_, errno);
        break;
      }
      if (IsHiddenName(entry->d_name)) continue;
      const Type type = TypeOf(*entry);
      if (type == Type::kOther) continue;
      std::string raw = entry->d_name;
      if (type == Type::kFolder) raw += '/';
      std::string name = EscapeInvalidUtf8(raw);
      entries_.push_back({names_.size(), name.size()});
      names_ += name;
      if (name != raw) raw_names_.emplace(std::move(name), std::move(raw));
    }
    std::sort(entries_.begin(), entries_.end(),
              [this](const Entry& a, const Entry& b) { return Name(a) < Name(b); });
    return Status::OK();
  }

  std::unique_ptr<DIR, DirCloser> dir_;
  std::string path_;
  std::string uri_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::string names_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::string> raw_names_;
  size_t next_ = 0;
};

class LocalListing : public Listing {
 public:
  LocalListing(Folder root, arrow::StopToken stop) : stop_(std::move(stop)) {
    stack_.push_back(std::move(root));
  }

  Result<std::vector<ListedFile>> Next() override {
    ARROW_RETURN_NOT_OK(stop_.Poll());
    std::vector<ListedFile> page;
    while (page.size() < kPage && !stack_.empty()) {
      Folder& folder = stack_.back();
      if (folder.done()) {
        stack_.pop_back();
        continue;
      }
      const std::string_view name = folder.Take();
      const std::string raw = folder.Raw(name);
      if (name.back() == '/') {
        ARROW_RETURN_NOT_OK(Enter(folder.path() + raw, folder.uri() + std::string(name)));
        continue;
      }
      ListedFile ref;
      ref.uri.reserve(folder.uri().size() + name.size());
      ref.uri.append(folder.uri()).append(name);
      struct stat info;
      if (fstatat(folder.fd(), raw.c_str(), &info, 0) == 0) {
        ref.size = info.st_size;
        ref.mtime_us = ModificationMicroseconds(info);
      }
      page.push_back(std::move(ref));
    }
    return page;
  }

 private:
  Status Enter(std::string path, std::string uri) {
    // A folder that vanished since its name was read held nothing that is there now.
    if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(Folder folder, Folder::Open(std::move(path), std::move(uri), stop_));
    const bool loop = std::any_of(stack_.begin(), stack_.end(),
                                  [&](const Folder& above) { return above.IsSame(folder); });
    if (!loop) stack_.push_back(std::move(folder));
    return Status::OK();
  }

  const arrow::StopToken stop_;
  std::vector<Folder> stack_;
};

}  // namespace

Result<std::unique_ptr<Listing>> OpenLocalListing(const std::string& path, arrow::StopToken stop) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return ListError(path, errno);
  const std::string uri = Uri{Scheme::kLocal, "file", "", path}.ToString();
  if (S_ISREG(info.st_mode)) {
    return std::make_unique<OneFileListing>(
        ListedFile{uri, info.st_size, ModificationMicroseconds(info), ""});
  }
  if (!S_ISDIR(info.st_mode)) {
    return Status::IOError("neither a folder nor a file: ", ShownUri(path));
  }
  const std::string slash = path.back() == '/' ? "" : "/";
  ARROW_ASSIGN_OR_RAISE(Folder root, Folder::Open(path + slash, uri + slash, stop));
  return std::make_unique<LocalListing>(std::move(root), std::move(stop));
}

}  // namespace pomona
