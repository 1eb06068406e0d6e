#include "pomona/reject_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using testing::HasSubstr;

RejectLimit Limit(const std::string& text) { return RejectLimit::Parse(text).ValueOrDie(); }

TEST(RejectLimit, WithoutAnyAllIsTooMany) {
  const RejectLimit limit;
  EXPECT_FALSE(limit.IsExceeded(0, 0));
  EXPECT_FALSE(limit.IsExceeded(99, 100));
  EXPECT_TRUE(limit.IsExceeded(100, 100));
  EXPECT_FALSE(limit.IsExceededFor(100, 100));
}

TEST(RejectLimit, ANumberIsANumberOfImages) {
  EXPECT_FALSE(Limit("3").IsExceeded(3, 3));
  EXPECT_TRUE(Limit("3").IsExceeded(4, 1000));
  EXPECT_TRUE(Limit("0").IsExceeded(1, 1000));
  EXPECT_TRUE(Limit("3").IsExceededFor(4, std::nullopt));
  EXPECT_FALSE(Limit("3").IsExceededFor(3, std::nullopt));
}

TEST(RejectLimit, AShareIsOfTheReferences) {
  EXPECT_FALSE(Limit("2.5%").IsExceeded(25, 1000));
  EXPECT_TRUE(Limit("2.5%").IsExceeded(26, 1000));
  EXPECT_FALSE(Limit("0.1%").IsExceeded(1, 1000));
  EXPECT_FALSE(Limit("100%").IsExceeded(7, 7));
  EXPECT_TRUE(Limit("0%").IsExceeded(1, 1'000'000'000));
}

TEST(RejectLimit, AShareIsKnownEarlyWhereAllIsCounted) {
  EXPECT_FALSE(Limit("1%").IsExceededFor(11, std::nullopt));
  EXPECT_FALSE(Limit("1%").IsExceededFor(10, 1000));
  EXPECT_TRUE(Limit("1%").IsExceededFor(11, 1000));
}

TEST(RejectLimit, OtherTextIsRefusedAndNamesTheOption) {
  for (const char* text :
       {"", "%", "-1", "-1%", "101%", "1e3", "ten", "5 %", "nan%", "1.5", "0x1"}) {
    const auto status = RejectLimit::Parse(text).status();
    EXPECT_TRUE(status.IsInvalid()) << text;
    EXPECT_THAT(status.message(), HasSubstr("option `max_rejects`"));
  }
}

TEST(RejectLimit, TheErrorCountsTheReasons) {
  const auto status = TooManyRejects(5, 6, {{"corrupt", 1}, {"forbidden", 4}});
  EXPECT_TRUE(IsTooManyRejects(status));
  EXPECT_THAT(status.message(),
              HasSubstr("without features: 5 of 6 (4 forbidden, 1 corrupt)\nhint: "));
  EXPECT_FALSE(IsTooManyRejects(arrow::Status::ExecutionError("another")));
  EXPECT_FALSE(IsTooManyRejects(arrow::Status::OK()));
}

}  // namespace
}  // namespace pomona
