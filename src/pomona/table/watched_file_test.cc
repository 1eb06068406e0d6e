#include "pomona/table/watched_file.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pomona/error_kind.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Nothing can be read at or after a place.
class BrokenFile : public arrow::io::BufferReader {
 public:
  BrokenFile(std::string text, int64_t broken_at)
      : BufferReader(arrow::Buffer::FromString(std::move(text))), broken_at_(broken_at) {}

 protected:
  Result<std::shared_ptr<arrow::Buffer>> DoReadAt(int64_t position, int64_t bytes) override {
    if (position >= broken_at_) return Status::IOError("the disk is on fire");
    return BufferReader::DoReadAt(position, bytes);
  }

 private:
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
