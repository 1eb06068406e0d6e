#include "pomona/table/output_store.h"

#include <arrow/buffer.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "pomona/shown_text.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

/// fsync of a file or a folder on the local disk. Some file systems (FUSE, SMB) have none for
/// folders, and say so with EINVAL: there is nothing more to do on them.
arrow::Status Sync(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && (::fsync(fd) == 0 || errno == EINVAL);
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return arrow::Status::OK();
  return arrow::Status::IOError("cannot sync ", path, ": ", std::strerror(error));
}

std::string WithoutSlashAtEnd(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string ParentOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// Written beside, then renamed.
class RenamedFile : public StagedFile {
 public:
  RenamedFile(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string staged,
              std::string final_path, std::shared_ptr<arrow::io::OutputStream> stream,
              const StoreTraits& traits)
      : filesystem_(std::move(filesystem)),
        staged_(std::move(staged)),
        final_path_(std::move(final_path)),
        stream_(std::move(stream)),
        traits_(traits) {}
  ~RenamedFile() override {
    if (committed_) return;
    if (!stream_->closed()) (void)stream_->Abort();
    (void)filesystem_->DeleteFile(staged_);
  }
  const std::shared_ptr<arrow::io::OutputStream>& stream() const override { return stream_; }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Reopen() override {
    ARROW_RETURN_NOT_OK(stream_->Close());
    return filesystem_->OpenInputFile(staged_);
  }
  arrow::Status Commit() override {
    if (!stream_->closed()) ARROW_RETURN_NOT_OK(stream_->Close());
    if (traits_.wants_sync) ARROW_RETURN_NOT_OK(Sync(staged_));
    if (!traits_.moves_onto_files) {
      ARROW_ASSIGN_OR_RAISE(auto info, filesystem_->GetFileInfo(final_path_));
      if (info.type() != arrow::fs::FileType::NotFound) {
        ARROW_RETURN_NOT_OK(filesystem_->DeleteFile(final_path_));
      }
    }
    ARROW_RETURN_NOT_OK(filesystem_->Move(staged_, final_path_));
    committed_ = true;
    return traits_.wants_sync ? Sync(ParentOf(final_path_)) : arrow::Status::OK();
  }

 private:
  const std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  const std::string staged_;
  const std::string final_path_;
  const std::shared_ptr<arrow::io::OutputStream> stream_;
  const StoreTraits traits_;
  bool committed_ = false;
};

/// An upload: visible when it is complete.
class UploadedFile : public StagedFile {
 public:
  explicit UploadedFile(std::shared_ptr<arrow::io::OutputStream> stream)
      : stream_(std::move(stream)) {}
  ~UploadedFile() override {
    if (!stream_->closed()) (void)stream_->Abort();
  }
  const std::shared_ptr<arrow::io::OutputStream>& stream() const override { return stream_; }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Reopen() override { return nullptr; }
  arrow::Status Commit() override { return stream_->Close(); }

 private:
  const std::shared_ptr<arrow::io::OutputStream> stream_;
};

}  // namespace

OutputStore::OutputStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path,
                         std::string uri)
    : filesystem_(std::move(filesystem)),
      path_(WithoutSlashAtEnd(std::move(path))),
      uri_(std::move(uri)),
      traits_(TraitsOf(*filesystem_)) {}

std::string OutputStore::PathOf(const std::string& name) const {
  return name.empty() ? path_ : path_ + "/" + name;
}

arrow::Status OutputStore::Prepare() {
  if (!traits_.moves_at_once) return arrow::Status::OK();
  for (const char* folder :
       {kManifestFolder, kReferencesFolder, kRejectsFolder, kLeaseFolder, kStagingFolder}) {
    auto status = filesystem_->CreateDir(PathOf(folder), /*recursive=*/true);
    if (!status.ok()) {
      return arrow::Status::IOError("cannot write to the output ", uri_, ": ", status.message());
    }
  }
  return arrow::Status::OK();
}

arrow::Result<std::unique_ptr<StagedFile>> OutputStore::Create(const std::string& name) {
  if (!traits_.moves_at_once) {
    ARROW_ASSIGN_OR_RAISE(auto stream, filesystem_->OpenOutputStream(PathOf(name)));
    return std::make_unique<UploadedFile>(std::move(stream));
  }
  std::string flat = name;
  std::replace(flat.begin(), flat.end(), '/', '+');
  const std::string staged = PathOf(std::string(kStagingFolder) + "/" + flat);
  ARROW_ASSIGN_OR_RAISE(auto stream, filesystem_->OpenOutputStream(staged));
  return std::make_unique<RenamedFile>(filesystem_, staged, PathOf(name), std::move(stream),
                                       traits_);
}

arrow::Status OutputStore::Put(const std::string& name, std::string_view contents) {
  ARROW_ASSIGN_OR_RAISE(auto file, Create(name));
  ARROW_RETURN_NOT_OK(file->stream()->Write(contents));
  return file->Commit();
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
    entries.push_back({
        .name = folder.empty() ? info.base_name() : folder + "/" + info.base_name(),
        .size = info.size(),
        .mtime_ns = info.mtime().time_since_epoch().count(),
    });
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
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

arrow::Status OutputStore::Delete(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(bool exists, Exists(name));
  if (!exists) return arrow::Status::OK();
  auto status = filesystem_->DeleteFile(PathOf(name));
  if (status.ok()) return status;
  // Somebody else may have been quicker.
  ARROW_ASSIGN_OR_RAISE(exists, Exists(name));
  return exists ? status : arrow::Status::OK();
}

arrow::Status OutputStore::ClearStaging() {
  if (!traits_.moves_at_once) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(auto left, List(kStagingFolder));
  for (const auto& entry : left) ARROW_RETURN_NOT_OK(Delete(entry.name));
  return arrow::Status::OK();
}

}  // namespace pomona
