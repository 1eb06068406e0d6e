#include "pomona/table/watched_file.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "pomona/error_kind.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Nothing can be read at or after a place.
class BrokenFile : public arrow::io::RandomAccessFile {
 public:
  BrokenFile(std::string text, int64_t broken_at)
      : file_(arrow::Buffer::FromString(std::move(text))), broken_at_(broken_at) {}

  Status Close() override { return file_.Close(); }
  bool closed() const override { return file_.closed(); }
  Result<int64_t> Tell() const override { return file_.Tell(); }
  Status Seek(int64_t position) override { return file_.Seek(position); }
  Result<int64_t> GetSize() override { return file_.GetSize(); }
  Result<int64_t> Read(int64_t bytes, void* out) override { return file_.Read(bytes, out); }
  Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override { return file_.Read(bytes); }
  Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override {
    ARROW_RETURN_NOT_OK(Look(position));
    return file_.ReadAt(position, bytes, out);
  }
  Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes) override {
    ARROW_RETURN_NOT_OK(Look(position));
    return file_.ReadAt(position, bytes);
  }

 private:
  Status Look(int64_t position) const {
    return position < broken_at_ ? Status::OK() : Status::IOError("the disk is on fire");
  }

  arrow::io::BufferReader file_;
  const int64_t broken_at_;
};

TEST(WatchedFile, what_is_read_without_an_error_is_damaged) {
  WatchedFile file(std::make_shared<BrokenFile>("0123456789", 10));
  EXPECT_EQ((*file.ReadAt(2, 3))->ToString(), "234");
  EXPECT_EQ(KindOf(file.Judge(Status::IOError("no magic"))), ErrorKind::kData);
  EXPECT_EQ(KindOf(file.Judge(Status::Invalid("no magic"))), ErrorKind::kData);
  EXPECT_TRUE(file.Judge(Status::OK()).ok());
}

TEST(WatchedFile, what_storage_did_not_give_is_not) {
  WatchedFile file(std::make_shared<BrokenFile>("0123456789", 5));
  EXPECT_FALSE(file.ReadAt(5, 1).ok());
  const Status status = file.Judge(Status::Invalid("no magic"));
  EXPECT_EQ(KindOf(status), ErrorKind::kStorage);
  EXPECT_EQ(status.message(), "the disk is on fire");
}

}  // namespace
}  // namespace pomona
