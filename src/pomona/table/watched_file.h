#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <memory>
#include <mutex>

namespace pomona {

/// A file that remembers whether storage failed while it was read. Readers of Parquet use the same
/// words and codes for a file that cannot be read and for one that is damaged; who reads it through
/// this can tell. Thread-safe, as far as the file is.
class WatchedFile : public arrow::io::RandomAccessFile {
 public:
  explicit WatchedFile(std::shared_ptr<arrow::io::RandomAccessFile> file);

  /// What a reader of this file said: storage's first error, if there was one, else damage.
  arrow::Status Judge(const arrow::Status& status) const;

  arrow::Status Close() override { return file_->Close(); }
  bool closed() const override { return file_->closed(); }
  arrow::Result<int64_t> Tell() const override { return file_->Tell(); }
  arrow::Status Seek(int64_t position) override { return file_->Seek(position); }
  arrow::Result<int64_t> GetSize() override { return Watch(file_->GetSize()); }
  arrow::Result<int64_t> Read(int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override;
  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes) override;

 private:
  template <typename T>
  arrow::Result<T> Watch(arrow::Result<T> result) {
    if (!result.ok()) Remember(result.status());
    return result;
  }
  void Remember(const arrow::Status& status);

  const std::shared_ptr<arrow::io::RandomAccessFile> file_;
  mutable std::mutex mutex_;
  arrow::Status failure_;
};

}  // namespace pomona
