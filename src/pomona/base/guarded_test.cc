#include "pomona/base/guarded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <system_error>

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using testing::HasSubstr;

TEST(Guarded, what_is_returned_passes) {
  EXPECT_TRUE(Guarded([] { return Status::OK(); }).ok());
  EXPECT_EQ(Guarded([]() -> Result<int> { return 5; }).ValueOrDie(), 5);
}

TEST(Guarded, what_is_thrown_is_a_status) {
  EXPECT_TRUE(Guarded([]() -> Status { throw std::bad_alloc(); }).IsOutOfMemory());
  const auto other = Guarded([]() -> Result<int> { throw std::runtime_error("of the library"); });
  EXPECT_TRUE(other.status().IsUnknownError());
  EXPECT_THAT(other.status().message(), HasSubstr("of the library"));
}

TEST(Guarded, a_system_without_threads_says_so) {
  const auto status = Guarded([]() -> Status {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  });
  EXPECT_TRUE(status.IsOutOfMemory());
  EXPECT_THAT(status.message(), HasSubstr("threads"));
}

TEST(Guarded, a_thread_runs) {
  bool ran = false;
  auto thread = StartThread([&] { ran = true; }).ValueOrDie();
  thread.join();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace pomona
