#include "pomona/table/watched_file.h"

#include <utility>

#include "pomona/error_kind.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

WatchedFile::WatchedFile(std::shared_ptr<arrow::io::RandomAccessFile> file)
    : file_(std::move(file)) {}

void WatchedFile::Remember(const Status& status) {
  // A damaged footer asks for bytes that cannot be; Arrow refuses those itself.
  if (KindOf(status) != ErrorKind::kStorage) return;
  std::lock_guard lock(mutex_);
  if (failure_.ok()) failure_ = status;
}

Status WatchedFile::Judge(const Status& status) const {
  if (status.ok()) return status;
  std::lock_guard lock(mutex_);
  return failure_.ok() ? AsDamagedData(status) : failure_;
}

Result<int64_t> WatchedFile::Read(int64_t bytes, void* out) {
  return Watch(file_->Read(bytes, out));
}
Result<std::shared_ptr<arrow::Buffer>> WatchedFile::Read(int64_t bytes) {
  return Watch(file_->Read(bytes));
}
Result<int64_t> WatchedFile::ReadAt(int64_t position, int64_t bytes, void* out) {
  return Watch(file_->ReadAt(position, bytes, out));
}
Result<std::shared_ptr<arrow::Buffer>> WatchedFile::ReadAt(int64_t position, int64_t bytes) {
  return Watch(file_->ReadAt(position, bytes));
}

}  // namespace pomona
