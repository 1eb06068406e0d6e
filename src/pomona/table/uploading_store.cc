#include "pomona/table/uploading_store.h"

#include <utility>

namespace pomona {
namespace {

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

UploadingStore::UploadingStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path,
                               std::string uri)
    : OutputStore(std::move(filesystem), std::move(path), std::move(uri)) {}

arrow::Result<std::unique_ptr<StagedFile>> UploadingStore::Create(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(auto stream, filesystem()->OpenOutputStream(PathOf(name)));
  return std::make_unique<UploadedFile>(std::move(stream));
}

arrow::Result<bool> UploadingStore::TryPutNew(const std::string& name, std::string_view contents) {
  ARROW_ASSIGN_OR_RAISE(const bool exists, Exists(name));
  if (exists) return false;
  ARROW_RETURN_NOT_OK(Put(name, contents));
  return true;
}

}  // namespace pomona
