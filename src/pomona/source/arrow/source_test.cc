#include "pomona/source/arrow/source.h"

#include <arrow/filesystem/mockfs.h>
#include <arrow/util/io_util.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "faulty_file_system.h"
#include "fetch_all.h"
#include "pomona/reject.h"
#include "pomona/source/arrow/store_error.h"

namespace pomona {
namespace {

using arrow::Status;
using std::chrono::milliseconds;

constexpr char kRoot[] = "gs://bucket";

class ArrowSourceTest : public ::testing::Test {
 protected:
  void Open(const Faults& faults) {
    filesystem_ = std::make_shared<FaultyFileSystem>(memory_, faults);
    source_ = std::make_shared<ArrowSource>(filesystem_, "bucket", options_, 4);
  }
  std::vector<ListedFile> Refs() { return ListAll(*source_, kRoot).ValueOrDie(); }
  void Write(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(memory_->CreateFile("bucket/" + name, bytes).ok());
  }

  StorageOptions options_ = [] {
    StorageOptions options;
    options.backoff_base = milliseconds(1);
    options.backoff_cap = milliseconds(2);
    options.max_attempts = 5;
    return options;
  }();
  std::shared_ptr<arrow::fs::internal::MockFileSystem> memory_ =
      std::make_shared<arrow::fs::internal::MockFileSystem>(arrow::fs::TimePoint());
  std::shared_ptr<FaultyFileSystem> filesystem_;
  std::shared_ptr<Source> source_;
};

TEST_F(ArrowSourceTest, image_costs_one_open_and_no_question) {
  Write("a/1.jpg", "one");
  Open({});
  const auto refs = Refs();
  const int64_t stats = filesystem_->stats();
  EXPECT_EQ(FetchOne(*source_, refs[0]).ValueOrDie(), "one");
  EXPECT_EQ(filesystem_->opens(), 1);
  EXPECT_EQ(filesystem_->stats(), stats);
}

TEST_F(ArrowSourceTest, faults_are_outlived_and_counted) {
  for (int i = 0; i < 200; ++i) Write(std::to_string(i) + ".jpg", std::string(i + 2, 'x'));
  Faults faults;
  faults.unavailable = faults.reset = faults.short_read = 0.25;
  Open(faults);
  const auto refs = Refs();
  const auto got = FetchAll(*source_, refs);
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_TRUE(got[i].ok()) << got[i].status();
    EXPECT_EQ(static_cast<int64_t>(got[i]->size()), refs[i].size);
  }
  const FetchCounters counters = source_->counters();
  EXPECT_GT(counters.retries, 100);
  EXPECT_EQ(counters.requests, 200 + counters.retries);
  EXPECT_EQ(counters.requests, filesystem_->opens());
}

TEST_F(ArrowSourceTest, fault_that_lasts_is_a_reject_after_all_attempts) {
  Write("1.jpg", "one");
  Faults faults;
  faults.unavailable = 1;
  faults.most_in_a_row = 1000;
  Open(faults);
  EXPECT_EQ(RejectReasonOf(FetchOne(*source_, Refs()[0]).status()), RejectReason::kUnavailable);
  EXPECT_EQ(filesystem_->opens(), 5);
}

TEST_F(ArrowSourceTest, closing_ends_the_wait_for_a_retry) {
  Write("1.jpg", "one");
  options_.backoff_base = options_.backoff_cap = std::chrono::hours(1);
  Faults faults;
  faults.unavailable = 1;
  faults.most_in_a_row = 1000;
  Open(faults);
  Status status;
  source_->Fetch(ToFetch(Refs()[0]), [&](auto got) { status = got.status(); });
  source_.reset();
  EXPECT_EQ(RejectReasonOf(status), RejectReason::kUnavailable);
}

TEST(StoreError, errno_says_it_best) {
  const auto of = [](int error) {
    return ClassifyStoreError(arrow::internal::IOErrorFromErrno(error, "reading"));
  };
  EXPECT_EQ(of(ENOENT).reason, RejectReason::kNotFound);
  EXPECT_FALSE(of(ENOENT).may_pass);
  EXPECT_EQ(of(EACCES).reason, RejectReason::kForbidden);
  EXPECT_EQ(of(ETIMEDOUT).reason, RejectReason::kTimeout);
  EXPECT_TRUE(of(ECONNRESET).may_pass);
}

TEST(StoreError, words_of_the_clients) {
  const auto of = [](const char* words) { return ClassifyStoreError(Status::IOError(words)); };
  EXPECT_EQ(of("java.io.FileNotFoundException: x").reason, RejectReason::kNotFound);
  EXPECT_EQ(of("org.apache.hadoop.security.AccessControlException: x").reason,
            RejectReason::kForbidden);
  EXPECT_EQ(of("google::cloud::Status(UNAVAILABLE: x)").reason, RejectReason::kUnavailable);
  EXPECT_TRUE(of("AuthorizationFailure").reason == RejectReason::kForbidden);
  EXPECT_TRUE(of("something new").may_pass);
  EXPECT_EQ(of("something new").reason, RejectReason::kIoError);
  EXPECT_FALSE(ClassifyStoreError(Status::NotImplemented("x")).may_pass);
}

}  // namespace
}  // namespace pomona
