#include "pomona/source/arrow/listing.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "pomona/shown_text.h"
#include "pomona/source/arrow/store_error.h"
#include "pomona/source/hidden_name.h"
#include "pomona/source/one_file_listing.h"
#include "pomona/storage/modified_utf8.h"
#include "pomona/storage/store_traits.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using arrow::fs::FileInfo;
using arrow::fs::FileType;

constexpr size_t kPage = 1024;

int64_t Microseconds(const FileInfo& info) {
  if (info.mtime() == arrow::fs::kNoTime) return 0;
  return std::chrono::duration_cast<std::chrono::microseconds>(info.mtime().time_since_epoch())
      .count();
}

Status ListError(const Status& status, const std::string& uri) {
  switch (ClassifyStoreError(status).reason) {
    case RejectReason::kNotFound:
      return Status::IOError(kSourceMissing, ShownUri(uri));
    case RejectReason::kForbidden:
      return Status::IOError("may not be read: ", ShownUri(uri), "\nhint: check its permissions");
    default:
      return Status::IOError("cannot be listed: ", ShownUri(uri), ": ", ShownUri(status.message()));
  }
}

Status NegativeSize(const std::string& uri) {
  return Status::IOError("the store lists a file without a size: ", ShownUri(uri));
}

std::string_view BaseName(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

class ArrowListing : public Listing {
 public:
  ArrowListing(std::shared_ptr<arrow::fs::FileSystem> filesystem, arrow::StopToken stop)
      : filesystem_(std::move(filesystem)),
        stop_(std::move(stop)),
        traits_(TraitsOf(*filesystem_)),
        flat_(traits_.hides_folders) {}

  Status Enter(const std::string& path, std::string uri) {
    ARROW_RETURN_NOT_OK(stop_.Poll());
    arrow::fs::FileSelector selector;
    selector.base_dir = path;
    selector.recursive = flat_;
    auto infos = filesystem_->GetFileInfo(selector);
    if (!infos.ok()) return ListError(infos.status(), uri);
    Folder folder;
    folder.uri = std::move(uri);
    folder.path = path.ends_with('/') || path.empty() ? path : path + "/";
    for (const FileInfo& info : *infos) {
      const bool is_folder = info.type() == FileType::Directory;
      if (flat_ && (is_folder || !info.path().starts_with(folder.path))) continue;
      const std::string_view name =
          flat_ ? std::string_view(info.path()).substr(folder.path.size()) : BaseName(info.path());
      Entry entry{FromPath(name), info.size(), Microseconds(info)};
      if (entry.name.empty() || IsHiddenPath(entry.name)) continue;
      if (!is_folder && entry.size < 0) return NegativeSize(folder.uri + "/" + entry.name);
      if (is_folder) entry.name += '/';
      folder.entries.push_back(std::move(entry));
    }
    std::sort(folder.entries.begin(), folder.entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    if (!folder.uri.ends_with('/')) folder.uri += '/';
    stack_.push_back(std::move(folder));
    return Status::OK();
  }

  Result<std::vector<ListedFile>> Next() override {
    ARROW_RETURN_NOT_OK(stop_.Poll());
    std::vector<ListedFile> page;
    while (page.size() < kPage && !stack_.empty()) {
      Folder& folder = stack_.back();
      if (folder.next == folder.entries.size()) {
        stack_.pop_back();
        continue;
      }
      const Entry& entry = folder.entries[folder.next++];
      if (entry.name.back() == '/') {
        const std::string name = entry.name.substr(0, entry.name.size() - 1);
        ARROW_RETURN_NOT_OK(Enter(folder.path + ToPath(name), folder.uri + name));
        continue;
      }
      page.push_back({folder.uri + entry.name, entry.size, entry.mtime_us, ""});
    }
    return page;
  }

 private:
  struct Entry {
    std::string name;  // that of a folder ends in "/"
    int64_t size;
    int64_t mtime_us;
  };
  struct Folder {
    std::string path;
    std::string uri;
    std::vector<Entry> entries;
    size_t next = 0;
  };

  std::string FromPath(std::string_view name) const {
    return traits_.takes_modified_utf8 ? FromModifiedUtf8(name) : std::string(name);
  }
  std::string ToPath(const std::string& name) const {
    return traits_.takes_modified_utf8 ? ToModifiedUtf8(name) : name;
  }

  const std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  const arrow::StopToken stop_;
  const StoreTraits traits_;
  const bool flat_;  // all objects are listed at once, and names hold slashes
  std::vector<Folder> stack_;
};

}  // namespace

Result<std::unique_ptr<Listing>> OpenArrowListing(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                                  const std::string& path, const std::string& uri,
                                                  arrow::StopToken stop) {
  auto info = filesystem->GetFileInfo(path);
  if (!info.ok()) return ListError(info.status(), uri);
  switch (info->type()) {
    case FileType::File:
      if (info->size() < 0) return NegativeSize(uri);
      return std::make_unique<OneFileListing>(
          ListedFile{uri, info->size(), Microseconds(*info), ""});
    case FileType::Directory: {
      auto listing = std::make_unique<ArrowListing>(std::move(filesystem), std::move(stop));
      ARROW_RETURN_NOT_OK(listing->Enter(path, uri));
      return listing;
    }
    default:
      return Status::IOError(kSourceMissing, ShownUri(uri));
  }
}

}  // namespace pomona
