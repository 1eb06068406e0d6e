#include "faulty_file_system.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/io_util.h>

#include <cerrno>
#include <random>
#include <thread>
#include <utility>

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

// Half of the file, then its end or an error.
class HalfFile : public arrow::io::RandomAccessFile {
 public:
  HalfFile(std::shared_ptr<arrow::io::RandomAccessFile> file, int64_t half, bool breaks)
      : file_(std::move(file)), half_(half), breaks_(breaks) {}

  Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override {
    if (position < half_) return file_->ReadAt(position, std::min(bytes, half_ - position), out);
    if (breaks_) return arrow::internal::IOErrorFromErrno(ECONNRESET, "reading");
    return 0;
  }
  Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(bytes));
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position, bytes, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got));
    return buffer;
  }
  Result<int64_t> Read(int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t position, Tell());
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position, bytes, out));
    ARROW_RETURN_NOT_OK(Seek(position + got));
    return got;
  }
  Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t position, Tell());
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position, bytes));
    ARROW_RETURN_NOT_OK(Seek(position + buffer->size()));
    return buffer;
  }
  Result<int64_t> GetSize() override { return file_->GetSize(); }
  Result<int64_t> Tell() const override { return file_->Tell(); }
  Status Seek(int64_t position) override { return file_->Seek(position); }
  Status Close() override { return file_->Close(); }
  bool closed() const override { return file_->closed(); }

 private:
  const std::shared_ptr<arrow::io::RandomAccessFile> file_;
  const int64_t half_;
  const bool breaks_;
};

}  // namespace

int64_t FaultyFileSystem::opens() const {
  std::lock_guard lock(mutex_);
  return opens_;
}

int64_t FaultyFileSystem::stats() const {
  std::lock_guard lock(mutex_);
  return stats_;
}

FaultyFileSystem::Fault FaultyFileSystem::NextFault(const std::string& path) {
  std::lock_guard lock(mutex_);
  ++opens_;
  History& history = histories_[path];
  std::seed_seq seeds{faults_.seed, static_cast<uint64_t>(std::hash<std::string>{}(path)),
                      static_cast<uint64_t>(history.reads++)};
  std::minstd_rand random(seeds);
  double draw = std::uniform_real_distribution<double>(0, 1)(random);
  Fault fault = Fault::kNone;
  for (const auto& [share, kind] : {std::pair{faults_.unavailable, Fault::kUnavailable},
                                    {faults_.reset, Fault::kReset},
                                    {faults_.short_read, Fault::kShortRead}}) {
    if (draw >= 0 && draw < share) fault = kind;
    draw -= share;
  }
  if (history.faults_in_a_row >= faults_.most_in_a_row) fault = Fault::kNone;
  history.faults_in_a_row = fault == Fault::kNone ? 0 : history.faults_in_a_row + 1;
  return fault;
}

Result<arrow::fs::FileInfo> FaultyFileSystem::GetFileInfo(const std::string& path) {
  {
    std::lock_guard lock(mutex_);
    ++stats_;
  }
  return base_->GetFileInfo(path);
}

Result<std::vector<arrow::fs::FileInfo>> FaultyFileSystem::GetFileInfo(
    const arrow::fs::FileSelector& select) {
  return base_->GetFileInfo(select);
}

Result<std::shared_ptr<arrow::io::RandomAccessFile>> FaultyFileSystem::OpenInputFile(
    const std::string& path) {
  const Fault fault = NextFault(path);
  std::this_thread::sleep_for(faults_.latency);
  if (fault == Fault::kUnavailable) return Status::IOError("HTTP 503 Service Unavailable");
  ARROW_ASSIGN_OR_RAISE(auto file, base_->OpenInputFile(path));
  if (fault == Fault::kNone) return file;
  ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
  return std::make_shared<HalfFile>(std::move(file), size / 2, fault == Fault::kReset);
}

Result<std::shared_ptr<arrow::io::InputStream>> FaultyFileSystem::OpenInputStream(
    const std::string& path) {
  return OpenInputFile(path);
}

Status FaultyFileSystem::CreateDir(const std::string& path, bool recursive) {
  return base_->CreateDir(path, recursive);
}
Status FaultyFileSystem::DeleteDir(const std::string& path) { return base_->DeleteDir(path); }
Status FaultyFileSystem::DeleteDirContents(const std::string& path, bool missing_dir_ok) {
  return base_->DeleteDirContents(path, missing_dir_ok);
}
Status FaultyFileSystem::DeleteRootDirContents() { return base_->DeleteRootDirContents(); }
Status FaultyFileSystem::DeleteFile(const std::string& path) { return base_->DeleteFile(path); }
Status FaultyFileSystem::Move(const std::string& from, const std::string& to) {
  return base_->Move(from, to);
}
Status FaultyFileSystem::CopyFile(const std::string& from, const std::string& to) {
  return base_->CopyFile(from, to);
}
Result<std::shared_ptr<arrow::io::OutputStream>> FaultyFileSystem::OpenOutputStream(
    const std::string& path, const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) {
  return base_->OpenOutputStream(path, metadata);
}
Result<std::shared_ptr<arrow::io::OutputStream>> FaultyFileSystem::OpenAppendStream(
    const std::string& path, const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) {
  return base_->OpenAppendStream(path, metadata);
}

}  // namespace pomona
