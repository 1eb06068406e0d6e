#include "pomona/error_kind.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

using arrow::Status;

TEST(ErrorKind, each_status_code_has_one) {
  EXPECT_EQ(KindOf(Status::OK()), ErrorKind::kNone);
  EXPECT_EQ(KindOf(Status::Invalid("")), ErrorKind::kRequest);
  EXPECT_EQ(KindOf(Status::KeyError("")), ErrorKind::kRequest);
  EXPECT_EQ(KindOf(DamagedData("")), ErrorKind::kData);
  EXPECT_EQ(KindOf(Status::IOError("")), ErrorKind::kStorage);
  EXPECT_EQ(KindOf(Status::Cancelled("")), ErrorKind::kCancelled);
  EXPECT_EQ(KindOf(Status::OutOfMemory("")), ErrorKind::kOther);
}

TEST(ErrorKind, what_a_reader_says_of_damage_is_data) {
  for (const Status& status :
       {Status::Invalid("x"), Status::IOError("x"), Status::TypeError("x")}) {
    EXPECT_EQ(KindOf(AsDamagedData(status)), ErrorKind::kData);
    EXPECT_EQ(AsDamagedData(status).message(), "x");
  }
  EXPECT_TRUE(AsDamagedData(Status::OutOfMemory("x")).IsOutOfMemory());
  EXPECT_TRUE(AsDamagedData(Status::OK()).ok());
}

TEST(ErrorKind, after_a_change_nothing_is_refused_any_more) {
  EXPECT_EQ(KindOf(AfterFirstChange(Status::Invalid("x"))), ErrorKind::kOther);
  EXPECT_EQ(KindOf(AfterFirstChange(Status::IOError("x"))), ErrorKind::kStorage);
  EXPECT_EQ(KindOf(AfterFirstChange(DamagedData("x"))), ErrorKind::kData);
}

}  // namespace
}  // namespace pomona
