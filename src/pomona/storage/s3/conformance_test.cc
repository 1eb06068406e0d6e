// What the S3 writer relies on, of real servers. Takes part where POMONA_TEST_S3_ENDPOINT, and for
// another S3 server POMONA_TEST_S3PROXY_ENDPOINT, name one; AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY are for both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pomona/base/environment.h"
#include "pomona/storage/s3/checksum.h"
#include "pomona/storage/s3/object_writer.h"
#include "pomona/storage/s3/put.h"

namespace pomona {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

std::vector<std::string> EndpointsOfEnvironment() {
  std::vector<std::string> endpoints;
  for (const char* name : {"POMONA_TEST_S3_ENDPOINT", "POMONA_TEST_S3PROXY_ENDPOINT"}) {
    if (std::string endpoint = FirstInEnvironment({name}); !endpoint.empty()) {
      endpoints.push_back(std::move(endpoint));
    }
  }
  return endpoints;
}

class S3WriterConformance : public ::testing::TestWithParam<std::string> {
 protected:
  S3WriterConformance() {
    static std::atomic<int> count{0};
    StorageOptions storage;
    storage.s3_endpoint = GetParam();
    storage.backoff_cap = milliseconds(100);
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    caller_ =
        S3Caller::Open(storage, "writer-test-" + std::to_string(getpid()) + "-" +
                                    std::to_string(count++) + "-" + std::to_string(now % 1'000'000))
            .ValueOrDie();
    EXPECT_FALSE(Send(S3Verb::kPut, "").error) << "make the bucket";
    writer_ = std::make_unique<S3ObjectWriter>(caller_);
  }
  ~S3WriterConformance() override {
    for (const char* key : {"k", "big", "t/1", "other"}) {
      static_cast<void>(writer_->Delete(key));
    }
    static_cast<void>(writer_->AbortUploadsBelow(""));
    Send(S3Verb::kDelete, "");
  }

  S3CallAnswer Send(S3Verb verb, const std::string& key) {
    return caller_->Call({.verb = verb, .key = key, .query = ""});
  }

  // The bytes of an object; nothing: there is none.
  std::optional<std::string> Get(const std::string& key) {
    S3CallAnswer answer = Send(S3Verb::kGet, key);
    if (answer.error) {
      EXPECT_EQ(answer.error->kind, S3Error::Kind::kNotFound) << answer.error->code;
      return std::nullopt;
    }
    return std::move(answer.body);
  }

  StoreClock::Time In(milliseconds left) { return writer_->Now().ValueOrDie() + left; }

  // As if this process had been stopped for so long between signing and sending: our clock goes
  // behind the store's, until it answers.
  void FallBehind(seconds behind) {
    const auto since_boot = StoreClock::Monotonic();
    const auto then = std::chrono::system_clock::now() - behind;
    caller_->clock().Saw(std::chrono::system_clock::to_time_t(then), since_boot, since_boot);
  }

  std::shared_ptr<S3Upload> Written(const std::string& key, const std::string& bytes) {
    auto upload = writer_->Create(key, kLeastPiece);
    EXPECT_TRUE(upload->Write(bytes.data(), static_cast<int64_t>(bytes.size())).ok());
    return upload;
  }

  static constexpr int64_t kLeastPiece = int64_t{5} << 20;
  const std::string big_ = std::string(kLeastPiece, 'a') + std::string(kLeastPiece, 'b') + "c";
  std::shared_ptr<S3Caller> caller_;
  std::unique_ptr<S3ObjectWriter> writer_;
};

TEST_P(S3WriterConformance, put_replaces_what_is_there) {
  for (const std::string bytes : {"", "one", "two"}) {
    EXPECT_TRUE(writer_->Put("k", bytes).ValueOrDie());
    EXPECT_EQ(Get("k"), bytes);
  }
  EXPECT_TRUE(writer_->Delete("k").ok());
  EXPECT_EQ(Get("k"), std::nullopt);
  EXPECT_TRUE(writer_->Delete("k").ok());
}

TEST_P(S3WriterConformance, keys_are_any_bytes_of_utf8) {
  const std::string key = "a b/+%&=?#~\xC3\xA4";
  const auto until = In(seconds(30));
  EXPECT_TRUE(writer_->Put(key, "one", {.only_new = true, .valid_until = until}).ValueOrDie());
  EXPECT_EQ(Get(key), "one");
  EXPECT_TRUE(writer_->Delete(key, until).ok());
  EXPECT_EQ(Get(key), std::nullopt);
}

TEST_P(S3WriterConformance, of_two_that_want_to_be_first_one_is) {
  EXPECT_TRUE(writer_->Put("k", "one", {.only_new = true}).ValueOrDie());
  EXPECT_FALSE(writer_->Put("k", "two", {.only_new = true}).ValueOrDie());
  const auto until = In(seconds(30));
  EXPECT_FALSE(writer_->Put("k", "two", {.only_new = true, .valid_until = until}).ValueOrDie());
  EXPECT_EQ(Get("k"), "one");
}

TEST_P(S3WriterConformance, of_many_at_once_that_want_to_be_first_one_is) {
  constexpr int kWriters = 8;
  std::atomic<int> first{0};
  std::string winner;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      const std::string bytes = std::string(50'000, 'x') + std::to_string(i);
      const auto put = writer_->Put("k", bytes, {.only_new = true});
      EXPECT_TRUE(put.ok()) << put.status();
      if (put.ok() && *put) {
        ++first;
        winner = bytes;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(Get("k"), winner);
}

TEST_P(S3WriterConformance, request_that_comes_late_changes_nothing) {
  ASSERT_TRUE(writer_->Put("k", "one").ValueOrDie());
  for (const bool only_new : {false, true}) {
    FallBehind(seconds(60));
    const auto late =
        writer_->Put("k", "two", {.only_new = only_new, .valid_until = In(seconds(20))});
    EXPECT_THAT(late.status().message(), HasSubstr("the request came too late"));
  }
  FallBehind(seconds(60));
  EXPECT_THAT(writer_->Delete("k", In(seconds(20))).message(),
              HasSubstr("the request came too late"));
  EXPECT_EQ(Get("k"), "one");
  EXPECT_EQ(writer_->counts().puts, 3 + 1) << "they were sent, one made the bucket";
}

TEST_P(S3WriterConformance, upload_that_comes_late_makes_nothing) {
  const auto upload = Written("big", big_);
  FallBehind(seconds(60));
  EXPECT_THAT(upload->Complete({.valid_until = In(seconds(20))}).status().message(),
              HasSubstr("the request came too late"));
  EXPECT_EQ(Get("big"), std::nullopt);
}

TEST_P(S3WriterConformance, bytes_that_changed_on_their_way_are_refused) {
  for (const bool in_time : {false, true}) {
    S3CallRequest request = S3PutRequest("k", arrow::Buffer::FromString("one"));
    request.body = arrow::Buffer::FromString("two");
    if (!in_time) request.body_sha256 = Sha256Of("two");  // else the signature is wrong as well
    if (in_time) request.valid_until = In(seconds(30));
    const S3CallAnswer answer = caller_->Call(std::move(request));
    ASSERT_TRUE(answer.error);
    EXPECT_THAT(answer.error->code, HasSubstr("BadDigest"));
    EXPECT_EQ(Get("k"), std::nullopt);
  }
}

TEST_P(S3WriterConformance, upload_in_pieces_is_one_object) {
  for (const bool in_time : {false, true}) {
    const auto upload = Written("big", big_);
    S3WriteOptions options;
    if (in_time) options.valid_until = In(seconds(60));
    EXPECT_EQ(Get("big").has_value(), in_time) << "nothing before it is complete";
    EXPECT_TRUE(upload->Complete(options).ValueOrDie());
    EXPECT_EQ(Get("big"), big_);
  }
  const Sha256Digest pieces[] = {Sha256Of(std::string(kLeastPiece, 'a')),
                                 Sha256Of(std::string(kLeastPiece, 'b')), Sha256Of("c")};
  const S3CallAnswer head = caller_->Call({.verb = S3Verb::kHead,
                                           .key = "big",
                                           .query = "",
                                           .headers = {{"x-amz-checksum-mode", "ENABLED"}}});
  EXPECT_EQ(head.head.checksum, S3CompositeChecksum(pieces));
  S3CallAnswer read = caller_->Call(
      {.verb = S3Verb::kGet, .key = "big", .query = "", .checksum_piece = kLeastPiece});
  EXPECT_EQ(read.body, S3CompositeChecksum(pieces));
}

TEST_P(S3WriterConformance, upload_may_have_to_be_the_first) {
  EXPECT_TRUE(Written("big", big_)->Complete({.only_new = true}).ValueOrDie());
  const auto until = In(seconds(60));
  std::string other = big_;
  other.back() = 'd';
  EXPECT_FALSE(
      Written("big", other)->Complete({.only_new = true, .valid_until = until}).ValueOrDie());
  EXPECT_EQ(Get("big"), big_);
  EXPECT_EQ(writer_->AbortUploadsBelow("").ValueOrDie(), 0) << "it was taken away";
}

TEST_P(S3WriterConformance, uploads_below_a_prefix_are_aborted) {
  const auto mine = Written("t/1", big_);
  const auto others = Written("other", big_);
  EXPECT_EQ(writer_->AbortUploadsBelow("t/", In(seconds(30))).ValueOrDie(), 1);
  EXPECT_TRUE(mine->Complete({}).status().IsIOError());
  EXPECT_EQ(Get("t/1"), std::nullopt);
  EXPECT_TRUE(others->Complete({}).ValueOrDie());
}

INSTANTIATE_TEST_SUITE_P(S3, S3WriterConformance, testing::ValuesIn(EndpointsOfEnvironment()),
                         [](const auto& server) { return server.index == 0 ? "s3" : "s3proxy"; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(S3WriterConformance);

}  // namespace
}  // namespace pomona
