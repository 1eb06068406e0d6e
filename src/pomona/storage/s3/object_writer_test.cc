// What the S3 writer does with each kind of answer, against a server that gives it.
#include "pomona/storage/s3/object_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loopback_listener.h"
#include "pomona/base/clock.h"
#include "pomona/storage/s3/settings.h"
#include "scripted_http_server.h"

namespace pomona {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using Ending = ScriptedHttpServer::Ending;
using Request = ScriptedHttpServer::Request;
using Response = ScriptedHttpServer::Response;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::time_t kStart = 1'700'000'000;  // 20231114T221320Z

std::string HttpDate(std::time_t time) {
  std::tm parts;
  gmtime_r(&time, &parts);
  char text[64];
  std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

Response Refusal(int status, const std::string& code) {
  return {status, "<?xml version=\"1.0\"?><Error><Code>" + code +
                      "</Code><Message>words of the server</Message></Error>"};
}

Response Lost() {
  Response lost;
  lost.ending = Ending::kLost;
  return lost;
}

// An object as HEAD tells of it.
Response Told(const std::string& bytes, const std::string& checksum) {
  Response told{200, bytes};
  if (!checksum.empty()) told.headers["x-amz-checksum-sha256"] = checksum;
  return told;
}

std::string ChecksumOf(const std::string& bytes) { return S3Checksum(Sha256Of(bytes)); }

// Takes 64 KiB each 20 milliseconds, from one connection, and answers nothing.
class SlowServer {
 public:
  SlowServer() {
    thread_ = std::thread([this] {
      const int connection = accept(listener_.socket, nullptr, nullptr);
      std::string data(size_t{64} << 10, ' ');
      ssize_t got;
      while ((got = recv(connection, data.data(), data.size(), 0)) > 0) {
        taken_ += static_cast<size_t>(got);
        std::this_thread::sleep_for(milliseconds(20));
      }
      close(connection);
      shutdown(listener_.socket, SHUT_RDWR);  // nobody else is answered
    });
  }
  ~SlowServer() {
    shutdown(listener_.socket, SHUT_RDWR);
    thread_.join();
    close(listener_.socket);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port); }
  size_t taken() const { return taken_; }

 private:
  const LoopbackListener listener_{8};
  std::atomic<size_t> taken_{0};
  std::thread thread_;
};

class S3ObjectWriterTest : public ::testing::Test {
 protected:
  S3ObjectWriterTest() {
    options_.s3_endpoint = server_.url();
    options_.s3_region = "us-east-1";
    options_.s3_access_key = "AKIDEXAMPLE";
    options_.s3_secret_key = "verysecret";
    options_.backoff_base = milliseconds(1);
    options_.backoff_cap = milliseconds(5);
    options_.max_attempts = 4;
  }

  std::shared_ptr<S3ObjectWriter> Open() {
    return S3ObjectWriter::Open(options_, "bucket").ValueOrDie();
  }

  // Answers the next requests, in order; after that all is well. The time is asked for besides.
  void Answer(std::deque<Response> answers) {
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }

  Response Next(const Request& request) {
    const std::lock_guard lock(mutex_);
    Response response{200, ""};
    if (request.method + request.target == "HEAD/bucket") {
    } else if (on_request_ && on_request_(request, &response)) {
    } else if (!answers_.empty()) {
      response = answers_.front();
      answers_.pop_front();
    }
    response.headers.emplace("Date", HttpDate(now_));
    return response;
  }

  // "PUT /bucket/key", without queries.
  std::vector<std::string> Sent() const {
    std::vector<std::string> sent;
    for (const Request& request : server_.requests()) {
      sent.push_back(request.method + " " + request.target.substr(0, request.target.find('?')));
    }
    return sent;
  }

  static StoreClock::Time In(milliseconds left) { return StoreClock::Time(seconds(kStart)) + left; }

  std::atomic<std::time_t> now_{kStart};
  std::mutex mutex_;
  std::deque<Response> answers_;
  std::function<bool(const Request&, Response*)> on_request_;
  ScriptedHttpServer server_{[this](const Request& request) { return Next(request); }};
  StorageOptions options_;
};

TEST_F(S3ObjectWriterTest, put_is_one_request_with_its_checksum) {
  const auto writer = Open();
  EXPECT_TRUE(writer->Put("a folder/k", "two").ValueOrDie());
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].method, "PUT");
  EXPECT_EQ(requests[0].target, "/bucket/a%20folder/k");
  EXPECT_EQ(requests[0].body, "two");
  EXPECT_EQ(requests[0].headers.at("x-amz-checksum-sha256"), ChecksumOf("two"));
  EXPECT_EQ(requests[0].headers.count("if-none-match"), 0u);
  EXPECT_THAT(requests[0].headers.at("authorization"),
              HasSubstr("SignedHeaders=content-type;host;x-amz-checksum-sha256;"
                        "x-amz-content-sha256;x-amz-date,"));
  EXPECT_EQ(writer->counts().puts, 1);
  EXPECT_EQ(writer->counts().heads, 0);
}

TEST_F(S3ObjectWriterTest, put_takes_bytes_of_any_number) {
  const auto writer = Open();
  for (const size_t size : {0, 1, 8 * 1024, 8 * 1024 + 1, 3'000'000}) {
    const std::string bytes(size, 'x');
    EXPECT_TRUE(writer->Put("k", bytes).ValueOrDie());
    EXPECT_EQ(server_.requests().back().body, bytes);
    EXPECT_EQ(server_.requests().back().headers.at("content-length"), std::to_string(size));
  }
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(S3ObjectWriterTest, only_new_is_a_condition_that_the_store_judges) {
  const auto writer = Open();
  EXPECT_TRUE(writer->Put("k", "two", {.only_new = true}).ValueOrDie());
  Answer({Refusal(412, "PreconditionFailed")});
  EXPECT_FALSE(writer->Put("k", "two", {.only_new = true}).ValueOrDie());
  EXPECT_THAT(Sent(), ElementsAre("PUT /bucket/k", "PUT /bucket/k"));
  for (const Request& request : server_.requests()) {
    EXPECT_EQ(request.headers.at("if-none-match"), "*");
    EXPECT_THAT(request.headers.at("authorization"), HasSubstr(";host;if-none-match;"));
  }
}

TEST_F(S3ObjectWriterTest, what_may_pass_is_tried_again) {
  const auto writer = Open();
  Response reset = Refusal(500, "");
  reset.ending = Ending::kReset;
  int expected = 0;
  for (const Response& failure :
       {Refusal(503, "SlowDown"), Refusal(500, "InternalError"), Refusal(400, "BadDigest"),
        Refusal(409, "ConditionalRequestConflict"), Lost(), reset}) {
    Answer({failure});
    EXPECT_TRUE(writer->Put("k", "two", {.only_new = true}).ValueOrDie()) << failure.body;
    EXPECT_EQ(writer->counts().puts, expected += 2);
    EXPECT_EQ(static_cast<int64_t>(server_.requests().size()), expected);
  }
}

TEST_F(S3ObjectWriterTest, write_whose_answer_was_lost_finds_its_own_object) {
  const auto writer = Open();
  for (const std::string& checksum : {ChecksumOf("two"), std::string()}) {
    Answer(
        {Lost(), Refusal(412, "PreconditionFailed"), Told("two", checksum), Told("two", checksum)});
    EXPECT_TRUE(writer->Put("k", "two", {.only_new = true}).ValueOrDie());
  }
  EXPECT_THAT(Sent(),
              ElementsAre("PUT /bucket/k", "PUT /bucket/k", "HEAD /bucket/k", "PUT /bucket/k",
                          "PUT /bucket/k", "HEAD /bucket/k", "GET /bucket/k"));
  EXPECT_EQ(server_.requests()[2].headers.at("x-amz-checksum-mode"), "ENABLED");
}

TEST_F(S3ObjectWriterTest, write_whose_answer_was_lost_finds_the_object_of_another) {
  const auto writer = Open();
  for (const Response& other :
       {Told("one", ChecksumOf("one")), Told("three", ""), Told("one", ""), Response{404, ""}}) {
    Answer({Refusal(500, "InternalError"), Refusal(412, "PreconditionFailed"), other, other});
    EXPECT_FALSE(writer->Put("k", "two", {.only_new = true}).ValueOrDie());
  }
}

TEST_F(S3ObjectWriterTest, write_that_nobody_answered_took_place_if_it_is_there) {
  const auto writer = Open();
  Answer({Lost(), Lost(), Lost(), Lost(), Told("two", ChecksumOf("two"))});
  EXPECT_TRUE(writer->Put("k", "two").ValueOrDie());
  Answer({Lost(), Lost(), Lost(), Lost(), {404, ""}});
  const auto lost = writer->Put("k", "two").status();
  EXPECT_TRUE(lost.IsIOError());
  EXPECT_THAT(lost.message(), HasSubstr("cannot be written: s3a://bucket/k"));
}

// libcurl would send the request once more by itself, and we would take the 412 for another's.
TEST_F(S3ObjectWriterTest, no_try_is_hidden_from_us) {
  const auto writer = Open();
  ASSERT_TRUE(writer->Put("k", "two").ok());
  Answer({Lost(), Refusal(412, "PreconditionFailed"), Told("two", ChecksumOf("two"))});
  EXPECT_TRUE(writer->Put("k", "two", {.only_new = true}).ValueOrDie());
  EXPECT_EQ(writer->counts().puts, 3);
  EXPECT_EQ(server_.requests().size(), 4u);
}

TEST_F(S3ObjectWriterTest, store_without_conditions_says_so) {
  const auto writer = Open();
  for (const int status : {400, 501}) {
    Answer({Refusal(status, "NotImplemented")});
    EXPECT_TRUE(writer->Put("k", "two", {.only_new = true}).status().IsNotImplemented());
  }
  Answer({{501, ""}});
  EXPECT_TRUE(writer->Put("k", "two", {.only_new = true}).status().IsNotImplemented());
}

TEST_F(S3ObjectWriterTest, store_that_has_other_bytes_is_an_error) {
  Answer({Told("", ChecksumOf("one"))});
  const auto status = Open()->Put("k", "two").status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("other bytes than were sent: s3a://bucket/k"));
}

TEST_F(S3ObjectWriterTest, refusals_say_what_is_needed_and_show_no_secret) {
  options_.s3_session_token = "secrettoken";
  const auto writer = Open();
  Answer(
      {Refusal(403, "AccessDenied"), Refusal(403, "AccessDenied"), Refusal(404, "NoSuchBucket")});
  const auto deadline = In(seconds(60));
  for (const auto& status : {writer->Put("k", "two").status(), writer->Delete("k", deadline),
                             writer->Put("k", "two", {.valid_until = deadline}).status()}) {
    EXPECT_TRUE(status.IsIOError());
    EXPECT_THAT(status.message(), AllOf(HasSubstr("\nhint: "), Not(HasSubstr("AKID")),
                                        Not(HasSubstr("secret")), Not(HasSubstr("Signature"))));
  }
}

TEST_F(S3ObjectWriterTest, deadline_is_part_of_the_signature) {
  const auto writer = Open();
  EXPECT_TRUE(
      writer->Put("k", "two", {.only_new = true, .valid_until = In(milliseconds(7'900))}).ok());
  EXPECT_THAT(Sent(), ElementsAre("HEAD /bucket", "PUT /bucket/k")) << "the time is asked for once";
  const Request put = server_.requests()[1];
  EXPECT_THAT(put.target,
              MatchesRegex("/bucket/k\\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                           "AKIDEXAMPLE%2F20231114%2Fus-east-1%2Fs3%2Faws4_request&"
                           "X-Amz-Date=20231114T221320Z&X-Amz-Expires=7&X-Amz-SignedHeaders="
                           "content-type%3Bhost%3Bif-none-match%3Bx-amz-checksum-sha256&"
                           "X-Amz-Signature=[0-9a-f]{64}"));
  EXPECT_EQ(put.headers.count("authorization"), 0u);
  EXPECT_EQ(put.headers.at("x-amz-checksum-sha256"), ChecksumOf("two"));
}

TEST_F(S3ObjectWriterTest, signature_is_good_for_a_second_at_least_and_never_after_the_deadline) {
  const auto writer = Open();
  ASSERT_TRUE(writer->Now().ok());
  now_ = kStart + 10;  // by the next answer, but not yet by what we know
  EXPECT_TRUE(writer->Put("k", "two", {.valid_until = In(seconds(1))}).ok());
  EXPECT_THAT(server_.requests()[1].target,
              HasSubstr("X-Amz-Date=20231114T221320Z&X-Amz-Expires=1&"));
}

TEST_F(S3ObjectWriterTest, nothing_is_sent_after_the_deadline) {
  const auto writer = Open();
  for (const auto& status :
       {writer->Put("k", "two", {.valid_until = In(seconds(0))}).status(),
        writer->Put("k", "two", {.only_new = true, .valid_until = In(seconds(-5))}).status(),
        writer->Delete("k", In(seconds(-5)))}) {
    EXPECT_TRUE(status.IsIOError());
    EXPECT_THAT(status.message(), HasSubstr("the request came too late for s3a://bucket/k"));
  }
  EXPECT_THAT(Sent(), ElementsAre("HEAD /bucket"));
}

TEST_F(S3ObjectWriterTest, retries_end_with_the_deadline_and_do_not_move_it) {
  options_.max_attempts = 1'000;
  options_.backoff_base = options_.backoff_cap = milliseconds(300);
  const auto writer = Open();
  on_request_ = [this, start = Clock::now()](const Request& request, Response* response) {
    now_ = kStart + static_cast<std::time_t>(SecondsSince(start));
    if (request.method == "PUT") *response = Refusal(503, "SlowDown");
    if (request.method == "HEAD") *response = {404, ""};
    return true;
  };
  const auto status = writer->Put("k", "two", {.valid_until = In(seconds(2))}).status();
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("the request came too late"), HasSubstr("SlowDown")));
  const int64_t puts = writer->counts().puts;
  EXPECT_GT(puts, 1);
  EXPECT_LT(puts, 100);
  for (const Request& request : server_.requests()) {
    if (request.method != "PUT") continue;
    EXPECT_THAT(request.target, MatchesRegex(".*(X-Amz-Date=20231114T221320Z&X-Amz-Expires=2|"
                                             "X-Amz-Date=20231114T221321Z&X-Amz-Expires=1)&.*"));
  }
}

TEST_F(S3ObjectWriterTest, retry_that_would_come_late_is_not_waited_for) {
  options_.backoff_base = options_.backoff_cap = std::chrono::hours(24);
  const auto writer = Open();
  Answer({Refusal(503, "SlowDown"), {404, ""}});
  EXPECT_THAT(writer->Put("k", "two", {.valid_until = In(seconds(2))}).status().message(),
              AllOf(HasSubstr("the request came too late"), HasSubstr("SlowDown")));
  EXPECT_EQ(writer->counts().puts, 1);
}

TEST_F(S3ObjectWriterTest, refusal_after_the_deadline_is_one_for_coming_late) {
  const auto writer = Open();
  ASSERT_TRUE(writer->Now().ok());
  on_request_ = [this](const Request&, Response* response) {
    *response = Refusal(403, "AccessDenied");
    now_ = kStart + 100;
    return true;
  };
  EXPECT_THAT(writer->Put("k", "two", {.valid_until = In(seconds(50))}).status().message(),
              HasSubstr("the request came too late"));
}

TEST_F(S3ObjectWriterTest, unsigned_requests_have_no_deadline) {
  options_.s3_access_key.clear();
  options_.s3_secret_key.clear();
  options_.s3_anonymous = true;
  const auto writer = Open();
  EXPECT_TRUE(writer->Put("k", "two").ok());
  EXPECT_TRUE(writer->Put("k", "two", {.valid_until = In(seconds(50))}).status().IsInvalid());
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(S3ObjectWriterTest, credentials_that_expired_are_read_again) {
  options_.max_attempts = 10'000;  // they are read by another thread, however late that runs
  std::unique_ptr<S3Connection> connection(new S3Connection{
      S3Session(options_, S3Settings::Find(options_).ValueOrDie(),
                std::make_unique<S3CredentialSource>(
                    std::make_shared<const S3Credentials>(S3Credentials{"OLD", "secret", "t"}),
                    [] {
                      return S3Credentials{"NEW", "secret", "to/ken"};
                    },
                    std::chrono::hours(1'000))),
      TransferLoop::Start({.use_proxy = false}).ValueOrDie()});
  S3ObjectWriter writer(std::make_shared<S3Caller>(std::move(connection), "bucket"));
  on_request_ = [](const Request& request, Response* response) {
    const bool old = request.target.find("=OLD%2F") != std::string::npos;
    if (old) *response = Refusal(400, "ExpiredToken");
    return true;
  };
  EXPECT_TRUE(writer.Put("k", "two", {.valid_until = In(seconds(50))}).ValueOrDie());
  EXPECT_THAT(server_.requests().back().target,
              AllOf(HasSubstr("=NEW%2F"), HasSubstr("&X-Amz-Security-Token=to%2Fken&")));
}

TEST_F(S3ObjectWriterTest, region_of_the_bucket_is_found) {
  const auto writer = Open();
  Response elsewhere{400,
                     "<Error><Code>AuthorizationQueryParametersError</Code><Message>the region "
                     "is wrong</Message><Region>eu-west-1</Region></Error>"};
  Answer({elsewhere});
  EXPECT_TRUE(writer->Put("k", "two", {.valid_until = In(seconds(50))}).ValueOrDie());
  EXPECT_THAT(server_.requests().back().target, HasSubstr("%2Feu-west-1%2Fs3%2F"));
}

// The deadline comes while the bytes go: a server that takes them slowly.
TEST_F(S3ObjectWriterTest, rest_of_a_write_is_not_sent_after_the_deadline) {
  SlowServer slow;
  options_.s3_endpoint = slow.url();
  options_.max_attempts = 1;
  auto caller = S3Caller::Open(options_, "bucket").ValueOrDie();
  const auto now = StoreClock::Monotonic();
  caller->clock().Saw(kStart, now, now);
  S3ObjectWriter writer(caller);
  const std::string bytes(size_t{64} << 20, 'x');
  const auto start = Clock::now();
  const auto status = writer.Put("k", bytes, {.valid_until = In(seconds(1))}).status();
  EXPECT_THAT(status.message(), HasSubstr("the request came too late"));
  EXPECT_LT(SecondsSince(start), 8);
  EXPECT_LT(slow.taken(), bytes.size());
}

TEST_F(S3ObjectWriterTest, delete_does_not_mind_that_nothing_is_there) {
  const auto writer = Open();
  Answer({{204, ""}, Refusal(404, "NoSuchKey"), Refusal(503, "SlowDown"), {204, ""}});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(writer->Delete("k").ok());
  EXPECT_EQ(writer->counts().deletes, 4);
}

constexpr char kBegun[] =
    "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>";

// Uploads in pieces of four bytes.
class S3UploadTest : public S3ObjectWriterTest {
 protected:
  S3UploadTest() {
    on_request_ = [this](const Request& request, Response* response) {
      if (request.target == "/bucket/k?uploads=") {
        *response = {200, kBegun};
      } else if (request.method == "PUT" &&
                 request.target.find("partNumber") != std::string::npos) {
        const auto other = pieces_.find(request.body);
        if (other != pieces_.end()) {
          *response = other->second;
        } else {
          *response = Told("", request.headers.at("x-amz-checksum-sha256"));
          response->headers["ETag"] = "\"<" + request.body + ">\"";
        }
      } else {
        return false;
      }
      return true;
    };
  }

  std::shared_ptr<S3Upload> Written(const std::string& bytes) {
    writer_ = Open();
    auto upload = writer_->Create("k", 4);
    for (const char byte : bytes) EXPECT_TRUE(upload->Write(&byte, 1).ok());
    EXPECT_EQ(upload->Tell().ValueOrDie(), static_cast<int64_t>(bytes.size()));
    return upload;
  }

  static std::string Composite() {
    const Sha256Digest pieces[] = {Sha256Of("aaaa"), Sha256Of("bbbb"), Sha256Of("cc")};
    return S3CompositeChecksum(pieces);
  }

  static Response Completed(const std::string& checksum) {
    return {200, "\n  <CompleteMultipartUploadResult><ChecksumSHA256>" + checksum +
                     "</ChecksumSHA256></CompleteMultipartUploadResult>"};
  }

  std::map<std::string, Response> pieces_;  // answers to some
  std::shared_ptr<S3ObjectWriter> writer_;
};

TEST_F(S3UploadTest, what_fits_into_a_piece_is_one_put) {
  for (const std::string bytes : {"", "aaa", "aaaa"}) {
    const auto upload = Written(bytes);
    EXPECT_TRUE(upload->Complete({.only_new = true}).ValueOrDie());
    EXPECT_TRUE(upload->closed());
    EXPECT_EQ(server_.requests().back().body, bytes);
    EXPECT_EQ(server_.requests().back().headers.at("if-none-match"), "*");
    EXPECT_EQ(writer_->counts().puts, 1);
    EXPECT_EQ(writer_->counts().posts, 0);
  }
}

TEST_F(S3UploadTest, pieces_are_put_together_at_the_end) {
  const auto upload = Written("aaaabbbbcc");
  Answer({Completed(Composite())});
  EXPECT_TRUE(upload->Complete({.only_new = true, .valid_until = In(seconds(9))}).ValueOrDie());
  const auto requests = server_.requests();
  std::map<std::string, std::string> parts;
  for (const Request& request : requests) {
    if (request.method == "PUT") parts[request.target] = request.body;
  }
  EXPECT_THAT(parts, ElementsAre(std::pair("/bucket/k?partNumber=1&uploadId=u%2F1", "aaaa"),
                                 std::pair("/bucket/k?partNumber=2&uploadId=u%2F1", "bbbb"),
                                 std::pair("/bucket/k?partNumber=3&uploadId=u%2F1", "cc")));
  EXPECT_EQ(requests[0].headers.at("x-amz-checksum-algorithm"), "SHA256");
  EXPECT_EQ(requests[0].headers.count("if-none-match"), 0u);
  const Request& last = requests.back();
  EXPECT_EQ(last.method, "POST");
  EXPECT_THAT(last.target, AllOf(HasSubstr("&X-Amz-Expires=9&"), HasSubstr("&uploadId=u%2F1&")));
  EXPECT_EQ(last.headers.at("if-none-match"), "*");
  EXPECT_EQ(last.body,
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Part><ChecksumSHA256>" +
                ChecksumOf("aaaa") +
                "</ChecksumSHA256><ETag>\"&lt;aaaa&gt;\"</ETag><PartNumber>1</PartNumber></Part>"
                "<Part><ChecksumSHA256>" +
                ChecksumOf("bbbb") +
                "</ChecksumSHA256><ETag>\"&lt;bbbb&gt;\"</ETag><PartNumber>2</PartNumber></Part>"
                "<Part><ChecksumSHA256>" +
                ChecksumOf("cc") +
                "</ChecksumSHA256><ETag>\"&lt;cc&gt;\"</ETag><PartNumber>3</PartNumber></Part>"
                "</CompleteMultipartUpload>");
  EXPECT_EQ(writer_->counts().posts, 2);
  EXPECT_EQ(writer_->counts().deletes, 0);
}

TEST_F(S3UploadTest, refused_upload_is_taken_away) {
  const auto upload = Written("aaaabbbbcc");
  Answer({Refusal(412, "PreconditionFailed"), {204, ""}});
  EXPECT_FALSE(upload->Complete({.only_new = true}).ValueOrDie());
  EXPECT_EQ(server_.requests().back().method, "DELETE");
  EXPECT_EQ(server_.requests().back().target, "/bucket/k?uploadId=u%2F1");
}

TEST_F(S3UploadTest, upload_after_its_deadline_is_not_completed) {
  const auto upload = Written("aaaabbbbcc");
  EXPECT_THAT(upload->Complete({.valid_until = In(seconds(0))}).status().message(),
              HasSubstr("the request came too late"));
  EXPECT_EQ(server_.requests().back().method, "DELETE");
  EXPECT_EQ(writer_->counts().posts, 1);
}

TEST_F(S3UploadTest, completion_whose_answer_was_lost_is_looked_into) {
  for (const std::string& told : {Composite(), std::string(), ChecksumOf("aaaabbbbcc")}) {
    auto upload = Written("aaaabbbbcc");
    Answer(
        {Lost(), Refusal(404, "NoSuchUpload"), Told("aaaabbbbcc", told), Told("aaaabbbbcc", "")});
    EXPECT_TRUE(upload->Complete({}).ValueOrDie()) << told;
  }
  auto upload = Written("aaaabbbbcc");
  Answer({Lost(), Refusal(412, "PreconditionFailed"), Told("aaaabbbbcc", Composite())});
  EXPECT_TRUE(upload->Complete({.only_new = true}).ValueOrDie());
  upload = Written("aaaabbbbcc");
  Answer({Lost(),
          Refusal(412, "PreconditionFailed"),
          Told("aaaabbbbdd", ""),
          Told("aaaabbbbdd", ""),
          {204, ""}});
  EXPECT_FALSE(upload->Complete({.only_new = true}).ValueOrDie());
  upload = Written("aaaabbbbcc");
  Answer({Lost(), Refusal(404, "NoSuchUpload"), {404, ""}, {204, ""}});
  EXPECT_TRUE(upload->Complete({}).status().IsIOError());
}

TEST_F(S3UploadTest, error_that_follows_a_good_head_is_an_error) {
  const auto upload = Written("aaaabbbbcc");
  Response late = Refusal(500, "InternalError");
  late.status = 200;
  Answer({late, Completed(Composite())});
  EXPECT_TRUE(upload->Complete({}).ValueOrDie());
  EXPECT_EQ(writer_->counts().posts, 3);
}

TEST_F(S3UploadTest, piece_that_fails_fails_the_upload) {
  pieces_["bbbb"] = Refusal(403, "AccessDenied");
  auto upload = Written("aaaabbbbcc");
  EXPECT_THAT(upload->Complete({}).status().message(), HasSubstr("may not be written"));
  EXPECT_EQ(server_.requests().back().method, "DELETE");
  EXPECT_TRUE(upload->Complete({}).status().IsInvalid());
  EXPECT_TRUE(upload->Close().ok());

  pieces_["bbbb"] = Told("", ChecksumOf("cccc"));
  upload = Written("aaaabbbbcc");
  EXPECT_THAT(upload->Complete({}).status().message(), HasSubstr("other bytes than were sent"));

  pieces_.clear();
  upload = Written("aaaabbbbcc");
  Answer({Completed(ChecksumOf("cccc") + "-3")});
  EXPECT_THAT(upload->Complete({}).status().message(), HasSubstr("other bytes than were sent"));
}

TEST_F(S3UploadTest, upload_that_could_not_begin_makes_nothing) {
  const auto usual = on_request_;
  on_request_ = [&](const Request& request, Response* response) {
    if (request.method != "POST") return usual(request, response);
    *response = Refusal(403, "AccessDenied");
    return true;
  };
  const auto upload = Open()->Create("k", 4);
  EXPECT_TRUE(upload->Write("aaaa", 4).ok());
  EXPECT_TRUE(upload->Write("b", 1).IsIOError());
  EXPECT_TRUE(upload->Write("c", 1).IsIOError());
  EXPECT_TRUE(upload->Close().IsIOError());
  EXPECT_THAT(Sent(), ElementsAre("POST /bucket/k"));
}

TEST_F(S3UploadTest, piece_is_tried_again) {
  int failed = 0;
  const auto usual = on_request_;
  on_request_ = [&](const Request& request, Response* response) {
    if (request.body == "bbbb" && failed++ == 0) {
      *response = Refusal(400, "BadDigest");
      return true;
    }
    return usual(request, response);
  };
  const auto upload = Written("aaaabbbbcc");
  EXPECT_TRUE(upload->Close().ok());
  EXPECT_EQ(writer_->counts().puts, 4);
}

TEST_F(S3UploadTest, upload_that_is_dropped_is_aborted) {
  Written("aaaabbbbcc").reset();
  EXPECT_EQ(server_.requests().back().method, "DELETE");
  const auto upload = Written("aaaabbbbcc");
  Answer({Refusal(404, "NoSuchUpload")});
  EXPECT_TRUE(upload->Abort().ok());
  EXPECT_TRUE(upload->closed());
  EXPECT_TRUE(upload->Write("d", 1).IsInvalid());
  const size_t before = server_.requests().size();
  Written("aa").reset();
  EXPECT_EQ(server_.requests().size(), before) << "nothing was sent yet";
}

TEST_F(S3UploadTest, stream_outlives_the_writer) {
  const auto upload = Written("aaaabbbbcc");
  writer_.reset();
  EXPECT_TRUE(upload->Close().ok());
}

std::string Upload(const std::string& key, const std::string& id) {
  return "<Upload><Key>" + key + "</Key><UploadId>" + id + "</UploadId></Upload>";
}

Response Uploads(const std::string& uploads, const std::string& next_key = "",
                 const std::string& next_id = "") {
  return {200, "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>" +
                   std::string(next_key.empty() ? "false" : "true") +
                   "</IsTruncated><NextKeyMarker>" + next_key + "</NextKeyMarker>" +
                   "<NextUploadIdMarker>" + next_id + "</NextUploadIdMarker>" + uploads +
                   "</ListMultipartUploadsResult>"};
}

TEST_F(S3ObjectWriterTest, uploads_below_a_prefix_are_aborted) {
  const auto writer = Open();
  Answer({Uploads(Upload("t/a+b%2B", "1") + Upload("other", "2"), "t/a+b%2B", "1"),
          {204, ""},
          Uploads(Upload("t/c", "3") + Upload("t/d", "4")),
          Refusal(404, "NoSuchUpload"),
          {204, ""}});
  EXPECT_EQ(writer->AbortUploadsBelow("t/").ValueOrDie(), 2);
  std::vector<std::string> targets;
  for (const Request& request : server_.requests()) targets.push_back(request.target);
  EXPECT_THAT(targets, ElementsAre("/bucket?encoding-type=url&prefix=t%2F&uploads=",
                                   "/bucket/t/a%20b%2B?uploadId=1",
                                   "/bucket?encoding-type=url&key-marker=t%2Fa%20b%2B&prefix=t%2F&"
                                   "upload-id-marker=1&uploads=",
                                   "/bucket/t/c?uploadId=3", "/bucket/t/d?uploadId=4"));
  EXPECT_EQ(writer->counts().lists, 2);
  EXPECT_EQ(writer->counts().gets, 0);
}

TEST_F(S3ObjectWriterTest, store_that_does_not_list_uploads_says_so) {
  const auto writer = Open();
  Answer({Refusal(501, "NotImplemented"), {200, "<ListBucketResult></ListBucketResult>"}});
  EXPECT_TRUE(writer->AbortUploadsBelow("t/").status().IsNotImplemented());
  EXPECT_TRUE(writer->AbortUploadsBelow("t/").status().IsNotImplemented());
}

TEST_F(S3ObjectWriterTest, listing_of_uploads_that_does_not_end_is_an_error) {
  Answer({Uploads("", "t/a", "1"), Uploads("", "t/a", "1")});
  EXPECT_THAT(Open()->AbortUploadsBelow("t/").status().message(), HasSubstr("circle"));
}

TEST_F(S3ObjectWriterTest, store_that_tells_no_time_has_no_deadlines) {
  ScriptedHttpServer timeless([](const Request&) { return Response{200, ""}; });
  options_.s3_endpoint = timeless.url();
  const auto status = Open()->Put("k", "two", {.valid_until = In(seconds(50))}).status();
  EXPECT_THAT(status.message(), HasSubstr("does not say what time it is"));
}

}  // namespace
}  // namespace pomona
