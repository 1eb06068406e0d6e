#include "pomona/storage/whole_file.h"

#include <arrow/filesystem/filesystem.h>

#include <utility>

#include "pomona/base/uuid.h"
#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/local_sync.h"
#include "pomona/storage/store_traits.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

std::string FolderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return "";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Status Write(arrow::fs::FileSystem& filesystem, const std::string& path,
             const std::function<Status(arrow::io::OutputStream&)>& write) {
  ARROW_ASSIGN_OR_RAISE(const auto stream, filesystem.OpenOutputStream(path));
  Status status = write(*stream);
  if (status.ok()) return stream->Close();
  (void)stream->Abort();
  return status;
}

}  // namespace

Result<WholeFile> WholeFile::At(const std::string& uri, const StorageOptions& storage) {
  WholeFile file;
  file.uri_ = uri;
  ARROW_ASSIGN_OR_RAISE(const Uri parsed, Uri::Parse(uri));
  ARROW_ASSIGN_OR_RAISE(auto location, OpenFileSystem(parsed, storage));
  file.filesystem_ = std::move(location.filesystem);
  file.path_ = std::move(location.path);
  return file;
}

Status WholeFile::CheckCanPut(bool overwrite) const {
  ARROW_ASSIGN_OR_RAISE(const auto info, filesystem_->GetFileInfo(path_));
  if (info.IsDirectory()) return Status::Invalid(ShownUri(uri_), " is a folder, not a file");
  if (info.IsFile() && !overwrite) {
    return Status::Invalid(ShownUri(uri_), " exists\nhint: option `overwrite` replaces it");
  }
  if (NameOf(path_).empty()) return Status::Invalid(ShownUri(uri_), " names no file");
  if (!TraitsOf(*filesystem_).moves_at_once) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(const auto folder, filesystem_->GetFileInfo(FolderOf(path_)));
  if (folder.IsDirectory()) return Status::OK();
  return Status::Invalid("there is no folder for ", ShownUri(uri_));
}

Status WholeFile::Put(std::string_view bytes) const {
  return PutBy([&](arrow::io::OutputStream& stream) { return stream.Write(bytes); });
}

Status WholeFile::PutBy(const std::function<Status(arrow::io::OutputStream&)>& write) const {
  const StoreTraits traits = TraitsOf(*filesystem_);
  const auto told = [&](const Status& status) {
    if (status.ok()) return status;
    return status.WithMessage("cannot write ", ShownUri(uri_), ": ", status.message());
  };
  // An upload appears when it is complete.
  if (!traits.moves_at_once) return told(Write(*filesystem_, path_, write));
  const std::string folder = FolderOf(path_);
  const std::string staged = folder + "/." + NameOf(path_) + "." + NewUuid();
  const auto put = [&]() -> Status {
    ARROW_RETURN_NOT_OK(Write(*filesystem_, staged, write));
    if (traits.wants_sync) ARROW_RETURN_NOT_OK(SyncLocal(staged));
    if (!traits.moves_onto_files) {
      ARROW_ASSIGN_OR_RAISE(const auto info, filesystem_->GetFileInfo(path_));
      if (info.IsFile()) ARROW_RETURN_NOT_OK(filesystem_->DeleteFile(path_));
    }
    ARROW_RETURN_NOT_OK(filesystem_->Move(staged, path_));
    return traits.wants_sync ? SyncLocal(folder) : Status::OK();
  };
  const Status status = put();
  if (!status.ok()) (void)filesystem_->DeleteFile(staged);
  return told(status);
}

Result<std::shared_ptr<arrow::Buffer>> WholeFile::Get(int64_t most,
                                                    const std::string& hint) const {
  ARROW_ASSIGN_OR_RAISE(const auto info, filesystem_->GetFileInfo(path_));
  if (!info.IsFile()) {
    return Status::Invalid(info.IsDirectory() ? "this is a folder, not a file: " : "there is no file ",
                           ShownUri(uri_), "\nhint: ", hint);
  }
  ARROW_ASSIGN_OR_RAISE(const auto input, filesystem_->OpenInputFile(info));
  ARROW_ASSIGN_OR_RAISE(const int64_t size, input->GetSize());
  if (size > most) {
    return Status::Invalid(ShownUri(uri_), " has ", size, " bytes, more than the ", most,
                           " that such a file may have");
  }
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> bytes, arrow::AllocateBuffer(size));
  // HDFS gives less than it is asked for.
  for (int64_t have = 0; have < size;) {
    ARROW_ASSIGN_OR_RAISE(const int64_t got,
                          input->ReadAt(have, size - have, bytes->mutable_data() + have));
    if (got == 0) return Status::IOError(ShownUri(uri_), " ends after ", have, " bytes");
    have += got;
  }
  return bytes;
}

}  // namespace pomona
