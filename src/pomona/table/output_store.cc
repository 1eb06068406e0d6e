#include "pomona/table/output_store.h"

#include <arrow/buffer.h>

#include <algorithm>
#include <utility>

#include "pomona/shown_text.h"
#include "pomona/storage/store_traits.h"
#include "pomona/table/layout.h"
#include "pomona/table/local_store.h"
#include "pomona/table/uploading_store.h"

namespace pomona {
namespace {

std::string WithoutSlashAtEnd(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// What was found in `folder`, which is relative to the store.
OutputStore::Entry EntryOf(const std::string& folder, const arrow::fs::FileInfo& info) {
  return {.name = folder.empty() ? info.base_name() : folder + "/" + info.base_name(),
          .size = info.size(),
          .mtime_ns = info.mtime().time_since_epoch().count()};
}

void SortByName(std::vector<OutputStore::Entry>& entries) {
  std::ranges::sort(entries, {}, &OutputStore::Entry::name);
}

}  // namespace

std::shared_ptr<OutputStore> OutputStore::Make(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                               std::string path, std::string uri) {
  const StoreTraits traits = TraitsOf(*filesystem);
  if (traits.has_links) {
    return std::make_shared<LocalStore>(std::move(filesystem), std::move(path), std::move(uri));
  }
  if (traits.moves_at_once) {
    return std::make_shared<MovingStore>(std::move(filesystem), std::move(path), std::move(uri));
  }
  return std::make_shared<UploadingStore>(std::move(filesystem), std::move(path), std::move(uri));
}

OutputStore::OutputStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path,
                         std::string uri)
    : filesystem_(std::move(filesystem)),
      path_(WithoutSlashAtEnd(std::move(path))),
      uri_(std::move(uri)) {}

std::string OutputStore::PathOf(const std::string& name) const {
  return name.empty() ? path_ : path_ + "/" + name;
}

arrow::Status OutputStore::Put(const std::string& name, std::string_view contents) {
  ARROW_ASSIGN_OR_RAISE(auto file, Create(name));
  ARROW_RETURN_NOT_OK(file->stream()->Write(contents));
  return file->Commit();
}

arrow::Result<bool> OutputStore::PutNew(const std::string& name, std::string_view contents) {
  auto made = TryPutNew(name, contents);
  if (made.ok() && *made) return made;
  const auto found = Get(name);
  return found.ok() && *found == contents ? true : made;
}

arrow::Status OutputStore::ForgetClaim(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(bool exists, Exists(name));
  if (!exists) return arrow::Status::OK();
  auto status = filesystem_->DeleteFile(PathOf(name));
  if (status.ok()) return status;
  // Somebody else may have been quicker.
  ARROW_ASSIGN_OR_RAISE(exists, Exists(name));
  return exists ? status : arrow::Status::OK();
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OutputStore::Open(
    const std::string& name) const {
  return filesystem_->OpenInputFile(PathOf(name));
}

arrow::Result<std::string> OutputStore::Get(const std::string& name) const {
  ARROW_ASSIGN_OR_RAISE(auto info, filesystem_->GetFileInfo(PathOf(name)));
  if (!info.IsFile()) return arrow::Status::KeyError("no file ", name, " in ", uri_);
  auto contents = [&]() -> arrow::Result<std::string> {
    ARROW_ASSIGN_OR_RAISE(auto file, filesystem_->OpenInputFile(info));
    ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
    ARROW_ASSIGN_OR_RAISE(auto buffer, file->ReadAt(0, size));
    return buffer->ToString();
  }();
  if (contents.ok()) return contents;
  // Another run's claim may go between the look and the read.
  ARROW_ASSIGN_OR_RAISE(const bool exists, Exists(name));
  return exists ? contents.status() : arrow::Status::KeyError("no file ", name, " in ", uri_);
}

arrow::Result<bool> OutputStore::Exists(const std::string& name) const {
  ARROW_ASSIGN_OR_RAISE(auto info, filesystem_->GetFileInfo(PathOf(name)));
  return info.IsFile();
}

arrow::Result<std::vector<OutputStore::Entry>> OutputStore::List(const std::string& folder) const {
  arrow::fs::FileSelector selector;
  selector.base_dir = PathOf(folder);
  selector.allow_not_found = true;
  ARROW_ASSIGN_OR_RAISE(auto infos, filesystem_->GetFileInfo(selector));
  std::vector<Entry> entries;
  for (const auto& info : infos) {
    if (!info.IsFile()) continue;
    entries.push_back(EntryOf(folder, info));
  }
  SortByName(entries);
  return entries;
}

arrow::Result<std::vector<std::string>> OutputStore::Names() const {
  arrow::fs::FileSelector selector;
  selector.base_dir = path_;
  selector.allow_not_found = true;
  const auto infos = filesystem_->GetFileInfo(selector);
  if (!infos.ok()) {
    const auto place = filesystem_->GetFileInfo(path_);
    if (!place.ok() || !place->IsFile()) return infos.status();
    return arrow::Status::Invalid("the output ", ShownUri(uri_), " is a file",
                                  "\nhint: name a folder, which need not be there yet");
  }
  std::vector<std::string> names;
  for (const auto& info : *infos) {
    names.push_back(info.base_name() + (info.IsDirectory() ? "/" : ""));
  }
  std::sort(names.begin(), names.end());
  return names;
}

arrow::Result<std::vector<OutputStore::Entry>> OutputStore::ListOwn(
    const std::string& folder) const {
  ARROW_ASSIGN_OR_RAISE(auto entries, List(folder));
  std::erase_if(entries, [](const Entry& entry) { return !IsOwnFile(entry.name); });
  return entries;
}

arrow::Result<std::vector<OutputStore::Entry>> OutputStore::ListVisible() const {
  constexpr auto kDeepestFolder = 8;
  std::vector<Entry> visible;
  std::vector<std::string> folders = {""};
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    arrow::fs::FileSelector selector;
    selector.base_dir = PathOf(folder);
    selector.allow_not_found = true;
    ARROW_ASSIGN_OR_RAISE(const auto infos, filesystem_->GetFileInfo(selector));
    for (const auto& info : infos) {
      const std::string base = info.base_name();
      if (base.starts_with('_') || base.starts_with('.')) continue;
      Entry entry = EntryOf(folder, info);
      // A link may lead round in circles: what lies deeper is named by its folder.
      const bool deep = std::count(entry.name.begin(), entry.name.end(), '/') >= kDeepestFolder;
      if (info.IsDirectory() && !deep) {
        folders.push_back(std::move(entry.name));
      } else {
        visible.push_back(std::move(entry));
      }
    }
  }
  SortByName(visible);
  return visible;
}

arrow::Status TookOver(const std::string& uri) {
  return arrow::Status::IOError("another run took over ", uri,
                                ": this one was stopped, or without storage, for too long");
}

}  // namespace pomona
