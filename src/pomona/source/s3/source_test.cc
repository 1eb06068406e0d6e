// What the S3 client does with each kind of answer, against a server that gives it.
#include "pomona/source/s3/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <future>
#include <map>
#include <mutex>

#include "fetch_all.h"
#include "pomona/reject.h"
#include "scripted_http_server.h"

namespace pomona {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Ending = ScriptedHttpServer::Ending;
using Request = ScriptedHttpServer::Request;
using Response = ScriptedHttpServer::Response;
using std::chrono::milliseconds;

constexpr char kAccessKey[] = "AKIDEXAMPLE";
constexpr char kSecretKey[] = "verysecret";

Response Error(int status, const std::string& code, const std::string& more = "") {
  return {status, "<?xml version=\"1.0\"?><Error><Code>" + code +
                      "</Code><Message>words of the server</Message>" + more + "</Error>"};
}

Response Page(const std::string& contents, const std::string& next_token = "") {
  std::string xml = "<ListBucketResult><EncodingType>url</EncodingType>";
  if (next_token.empty()) {
    xml += "<IsTruncated>false</IsTruncated>";
  } else {
    xml += "<IsTruncated>true</IsTruncated><NextContinuationToken>" + next_token +
           "</NextContinuationToken>";
  }
  return {200, xml + contents + "</ListBucketResult>"};
}

std::string Object(const std::string& encoded_key, int size = 1) {
  return "<Contents><Key>" + encoded_key +
         "</Key><LastModified>2009-10-12T17:50:30.250Z</LastModified>"
         "<ETag>&quot;e1&quot;</ETag><Size>" +
         std::to_string(size) + "</Size></Contents>";
}

class S3SourceTest : public ::testing::Test {
 protected:
  S3SourceTest() {
    options_.s3_endpoint = server_.url();
    options_.s3_region = "us-east-1";
    options_.s3_access_key = kAccessKey;
    options_.s3_secret_key = kSecretKey;
    options_.backoff_base = milliseconds(1);
    options_.backoff_cap = milliseconds(5);
    options_.max_attempts = 4;
  }

  std::shared_ptr<Source> Open(int fetches = 4) {
    return OpenS3Source(options_, fetches).ValueOrDie();
  }

  // Fetches one image of five bytes. Its listing said: version "e1".
  arrow::Result<std::string> Fetch(const std::string& uri = "s3a://bucket/a.jpg") {
    source_ = Open();
    return FetchOne(*source_, ListedFile{uri, 5, 0, "e1"});
  }

  // Answers the next requests, in order; after that the image is there.
  void Answer(std::deque<Response> answers) {
    std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }

  Response Next(const Request& request) {
    if (request.target.ends_with("/slow.jpg")) return Error(503, "SlowDown");
    std::lock_guard lock(mutex_);
    if (answers_.empty()) return Image();
    Response response = answers_.front();
    answers_.pop_front();
    return response;
  }

  static Response Image() { return {200, "12345", {{"ETag", "\"e1\""}}}; }

  void ExpectFailsOnce(Response failure) {
    const int status = failure.status;
    Answer({std::move(failure)});
    const auto got = Fetch();
    EXPECT_TRUE(got.ok()) << status << ": " << got.status();
    EXPECT_EQ(source_->counters().requests, 2) << status;
    EXPECT_EQ(source_->counters().retries, 1) << status;
  }

  void ExpectRejectedAtOnce(Response failure, RejectReason reason) {
    Answer({std::move(failure)});
    const auto got = Fetch();
    EXPECT_EQ(RejectReasonOf(got.status()), reason) << got.status();
    EXPECT_EQ(source_->counters().requests, 1);
    EXPECT_EQ(source_->counters().retries, 0);
  }

  arrow::Status ListError(Response failure) {
    Answer({std::move(failure)});
    const arrow::Status status =
        Open()->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).status();
    EXPECT_TRUE(status.IsIOError()) << status;
    EXPECT_THAT(status.message(), AllOf(HasSubstr("\nhint: "), Not(HasSubstr(kAccessKey)),
                                        Not(HasSubstr(kSecretKey))));
    return status;
  }

  std::mutex mutex_;
  std::deque<Response> answers_;
  ScriptedHttpServer server_{[this](const Request& request) { return Next(request); }};
  StorageOptions options_;
  std::shared_ptr<Source> source_;
};

TEST_F(S3SourceTest, image_costs_one_plain_get) {
  EXPECT_EQ(Fetch().ValueOrDie(), "12345");
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_EQ(requests[0].target, "/bucket/a.jpg");
  EXPECT_EQ(requests[0].headers.count("range"), 0u);
  EXPECT_THAT(requests[0].headers.at("authorization"),
              HasSubstr("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"));
  EXPECT_EQ(source_->counters().bytes, 5);
}

TEST_F(S3SourceTest, image_of_unknown_size_costs_one_plain_get_too) {
  auto source = Open();
  for (const char* uri : {"s3a://bucket/a%20b.jpg", "s3://bucket/a%20b.jpg"}) {
    EXPECT_EQ(FetchOne(*source, ListedFile{uri, kUnknownSize, 0, ""}).ValueOrDie(), "12345");
  }
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 2u);
  for (const Request& request : requests) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target, "/bucket/a%2520b.jpg");
    EXPECT_EQ(request.headers.count("range"), 0u);
  }
}

TEST_F(S3SourceTest, unknown_size_may_differ_from_try_to_try) {
  Response broken = {200, std::string(200'000, 'x')};
  broken.ending = Ending::kShort;
  Answer({broken, Error(503, "SlowDown"), {200, "123456789"}, {200, ""}});
  auto source = Open();
  EXPECT_EQ(FetchOne(*source, ListedFile{"s3a://bucket/a.jpg", kUnknownSize, 0, ""}).ValueOrDie(),
            "123456789");
  EXPECT_EQ(source->counters().requests, 3);
  EXPECT_EQ(source->counters().bytes, 9);
  EXPECT_EQ(FetchOne(*source, ListedFile{"s3a://bucket/a.jpg", kUnknownSize, 0, ""}).ValueOrDie(),
            "");
}

TEST_F(S3SourceTest, version_is_compared_where_the_size_is_unknown) {
  Answer({{200, "12345", {{"ETag", "\"e2\""}}}});
  const auto got = FetchOne(*Open(), ListedFile{"s3a://bucket/a.jpg", kUnknownSize, 0, "e1"});
  EXPECT_EQ(RejectReasonOf(got.status()), RejectReason::kChanged);
}

TEST_F(S3SourceTest, connections_are_used_again) {
  auto source = Open(1);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(FetchOne(*source, ListedFile{"s3a://bucket/a.jpg", 5, 0, "e1"}).ok());
  }
  EXPECT_EQ(server_.requests().size(), 50u);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(S3SourceTest, no_more_connections_than_asked_for) {
  auto source = Open(3);
  const std::vector<ListedFile> refs(200, {"s3a://bucket/a.jpg", 5, 0, "e1"});
  for (const auto& got : FetchAll(*source, refs)) EXPECT_TRUE(got.ok()) << got.status();
  EXPECT_LE(server_.connections(), 4);
}

TEST_F(S3SourceTest, keys_are_encoded_strictly_and_never_normalised) {
  const std::map<std::string, std::string> targets = {
      {"Apple Braeburn/3_100.jpg", "Apple%20Braeburn/3_100.jpg"},
      {"a//b", "a//b"},
      {"../x", "../x"},
      {"./a/./b/..", "./a/./b/.."},
      {"/lead", "/lead"},
      {"a+b&c=d", "a%2Bb%26c%3Dd"},
      {"line\nbreak", "line%0Abreak"},
      {"100%#?", "100%25%23%3F"},
      {"%2F", "%252F"},
      {"\xc3\xa9~-_.", "%C3%A9~-_."},
      {"quote'\"()*!", "quote%27%22%28%29%2A%21"},
  };
  for (const auto& [key, target] : targets) {
    EXPECT_TRUE(Fetch("s3a://bucket/" + key).ok()) << key;
    EXPECT_EQ(server_.requests().back().target, "/bucket/" + target);
  }
}

TEST_F(S3SourceTest, session_token_is_sent_and_signed) {
  options_.s3_session_token = "token";
  ASSERT_TRUE(Fetch().ok());
  const Request request = server_.requests()[0];
  EXPECT_EQ(request.headers.at("x-amz-security-token"), "token");
  EXPECT_THAT(request.headers.at("authorization"), HasSubstr(";x-amz-security-token,"));
}

TEST_F(S3SourceTest, anonymous_requests_are_not_signed) {
  options_.s3_access_key = options_.s3_secret_key = "";
  options_.s3_anonymous = true;
  ASSERT_TRUE(Fetch().ok());
  EXPECT_EQ(server_.requests()[0].headers.count("authorization"), 0u);
}

TEST_F(S3SourceTest, loopback_needs_no_proxy) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  const auto got = Fetch();
  unsetenv("http_proxy");
  EXPECT_TRUE(got.ok()) << got.status();
}

TEST_F(S3SourceTest, passing_failures_are_retried) {
  for (int status : {429, 500, 502, 503, 504}) ExpectFailsOnce({status, "no XML"});
  ExpectFailsOnce(Error(503, "SlowDown"));
  ExpectFailsOnce(Error(400, "RequestTimeout"));
  ExpectFailsOnce(Error(500, "InternalError"));
}

TEST_F(S3SourceTest, broken_bodies_are_retried) {
  for (Ending ending : {Ending::kShort, Ending::kReset}) {
    Response broken = Image();
    broken.ending = ending;
    ExpectFailsOnce(broken);
  }
}

TEST_F(S3SourceTest, answer_that_does_not_come_is_retried_then_a_timeout) {
  options_.request_timeout = milliseconds(300);
  Response hang;
  hang.ending = Ending::kHang;
  ExpectFailsOnce(hang);
  options_.max_attempts = 2;
  Answer({hang, hang});
  EXPECT_EQ(RejectReasonOf(Fetch().status()), RejectReason::kTimeout);
}

TEST_F(S3SourceTest, failure_that_lasts_is_unavailable_after_all_attempts) {
  Answer(std::deque<Response>(10, Error(503, "SlowDown")));
  const auto got = Fetch();
  EXPECT_EQ(RejectReasonOf(got.status()), RejectReason::kUnavailable);
  EXPECT_THAT(got.status().message(), HasSubstr("SlowDown"));
  EXPECT_EQ(source_->counters().requests, 4);
  EXPECT_EQ(source_->counters().retries, 3);
  EXPECT_EQ(source_->counters().bytes, 0);
}

TEST_F(S3SourceTest, final_answers_are_not_retried) {
  ExpectRejectedAtOnce(Error(403, "AccessDenied"), RejectReason::kForbidden);
  ExpectRejectedAtOnce({403, ""}, RejectReason::kForbidden);
  ExpectRejectedAtOnce(Error(404, "NoSuchKey"), RejectReason::kNotFound);
  ExpectRejectedAtOnce({404, ""}, RejectReason::kNotFound);
  ExpectRejectedAtOnce(Error(403, "InvalidObjectState"), RejectReason::kForbidden);
  ExpectRejectedAtOnce({418, ""}, RejectReason::kIoError);
}

TEST_F(S3SourceTest, other_version_or_size_is_changed) {
  ExpectRejectedAtOnce({200, "12345", {{"ETag", "\"e2\""}}}, RejectReason::kChanged);
  ExpectRejectedAtOnce({200, "123456", {{"ETag", "\"e1\""}}}, RejectReason::kChanged);
  ExpectRejectedAtOnce({200, "1234", {{"ETag", "\"e1\""}}}, RejectReason::kChanged);
  ExpectRejectedAtOnce({200, "", {{"ETag", "\"e1\""}}}, RejectReason::kChanged);
}

TEST_F(S3SourceTest, unknown_version_is_not_compared) {
  Answer({{200, "12345"}});
  EXPECT_TRUE(Fetch().ok());
  source_ = Open();
  EXPECT_TRUE(FetchOne(*source_, ListedFile{"s3a://bucket/a.jpg", 5, 0, ""}).ok());
}

TEST_F(S3SourceTest, etag_is_the_same_however_it_is_spelled) {
  for (const char* listed : {"e1", "\"e1\"", "W/\"e1\""}) {
    for (const char* answered : {"e1", "\"e1\"", "W/\"e1\"", "\"e1\" ", ""}) {
      Answer({{200, "12345", {{"ETag", answered}}}});
      source_ = Open();
      const auto got = FetchOne(*source_, ListedFile{"s3a://bucket/a.jpg", 5, 0, listed});
      EXPECT_TRUE(got.ok()) << listed << " and " << answered << ": " << got.status();
    }
    Answer({{200, "12345", {{"ETag", "W/\"e2\""}}}});
    const auto other = FetchOne(*source_, ListedFile{"s3a://bucket/a.jpg", 5, 0, listed});
    EXPECT_EQ(RejectReasonOf(other.status()), RejectReason::kChanged) << listed;
    EXPECT_EQ(other.status().message(), "ETag is e2, was e1");
  }
}

TEST_F(S3SourceTest, image_above_the_limit_is_cut_off) {
  // The length is announced, or not, or the body goes on for ever: the rest is not read.
  Response endless{200, std::string(1'000'000, 'x')};
  endless.ending = Ending::kShort;
  Response unannounced{200, std::string(1'000'000, 'x')};
  unannounced.ending = Ending::kUnannounced;
  for (const Response& answer : {Response{200, "123456"}, endless, unannounced}) {
    Answer({answer});
    source_ = Open();
    ImageRef ref{.uri = Address("s3a://bucket/a.jpg"), .version = ""};
    ref.max_bytes = 5;
    const auto got = FetchOne(*source_, ref);
    EXPECT_EQ(RejectReasonOf(got.status()), RejectReason::kTooManyBytes) << got.status();
    EXPECT_THAT(got.status().message(), HasSubstr("limit 5"));
    EXPECT_EQ(source_->counters().requests, 1);
    EXPECT_EQ(FetchOne(*source_, ref).ValueOrDie(), "12345")
        << "as large as the limit is not above";
  }
}

TEST_F(S3SourceTest, client_works_on_after_an_aborted_answer) {
  auto source = Open(1);
  Answer({{200, std::string(300'000, 'x'), {{"ETag", "\"e2\""}}}});
  EXPECT_FALSE(FetchOne(*source, ListedFile{"s3a://bucket/a.jpg", 5, 0, "e1"}).ok());
  EXPECT_TRUE(FetchOne(*source, ListedFile{"s3a://bucket/a.jpg", 5, 0, "e1"}).ok());
}

TEST_F(S3SourceTest, retry_holds_up_nobody_else) {
  // The delay may well be longer than this test's patience: only the source's end ends it.
  options_.backoff_base = options_.backoff_cap = std::chrono::hours(1);
  auto source = Open(1);
  std::promise<arrow::Status> slow;
  source->Fetch(ToFetch({"s3a://bucket/slow.jpg", 5, 0, ""}),
                [&](auto got) { slow.set_value(got.status()); });
  EXPECT_TRUE(FetchOne(*source, ListedFile{"s3a://bucket/a.jpg", 5, 0, "e1"}).ok());
  source.reset();
  EXPECT_EQ(RejectReasonOf(slow.get_future().get()), RejectReason::kUnavailable);
}

TEST_F(S3SourceTest, destructor_waits_for_fetches) {
  auto source = Open(2);
  std::atomic<int> done{0};
  for (int i = 0; i < 50; ++i) {
    source->Fetch(ToFetch({"s3a://bucket/a.jpg", 5, 0, "e1"}), [&](auto got) { done += got.ok(); });
  }
  source.reset();
  EXPECT_EQ(done, 50);
}

TEST_F(S3SourceTest, region_is_taken_from_the_bucket) {
  for (const Response& answer :
       {Response{301, "", {{"x-amz-bucket-region", "eu-west-3"}}},
        Error(307, "TemporaryRedirect", "<Region>eu-west-3</Region>"),
        Error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>")}) {
    Answer({answer});
    EXPECT_TRUE(Fetch().ok());
    EXPECT_THAT(server_.requests().back().headers.at("authorization"),
                HasSubstr("/eu-west-3/s3/aws4_request"));
  }
}

TEST_F(S3SourceTest, region_that_goes_round_in_circles_ends) {
  Answer(std::deque<Response>(20, Response{301, "", {{"x-amz-bucket-region", "us-east-1"}}}));
  const auto got = Fetch();
  EXPECT_TRUE(got.status().IsIOError()) << got.status();
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(S3SourceTest, region_that_can_be_none_is_not_taken) {
  const std::string header = "eu-west-1\r\nX-Evil: 1";
  for (const std::string& region : {header, std::string("eu\nwest"), std::string("evil.example/"),
                                    std::string("EU"), std::string("a@b"), std::string(64, 'a')}) {
    Answer(std::deque<Response>(
        9, Error(400, "AuthorizationHeaderMalformed", "<Region>" + region + "</Region>")));
    const auto got = Fetch();
    EXPECT_FALSE(got.ok());
    EXPECT_EQ(server_.requests().back().headers.count("x-evil"), 0u);
    EXPECT_THAT(server_.requests().back().headers.at("authorization"),
                HasSubstr("/us-east-1/s3/aws4_request"))
        << region;
    EXPECT_EQ(source_->counters().requests, 1) << "no other try: nothing has changed";
  }
}

TEST_F(S3SourceTest, redirect_to_another_host_gets_no_request) {
  ScriptedHttpServer elsewhere([](const Request&) { return Image(); });
  for (int status : {301, 302, 303, 307, 308}) {
    Answer({{status,
             "<Error><Code>TemporaryRedirect</Code><Endpoint>" + elsewhere.url() +
                 "</Endpoint></Error>",
             {{"Location", elsewhere.url() + "/bucket/a.jpg"}}}});
    EXPECT_FALSE(Fetch().ok()) << status;
  }
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(S3SourceTest, requester_pays_is_said_with_each_request_and_signed) {
  options_.s3_requester_pays = true;
  ASSERT_TRUE(Fetch().ok());
  Answer({Page(Object("Test/1.jpg"))});
  ASSERT_TRUE(ListAll(*Open(), "s3://bucket/Test").ok());
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 2u);
  for (const Request& request : requests) {
    EXPECT_EQ(request.headers.at("x-amz-request-payer"), "requester");
    EXPECT_THAT(request.headers.at("authorization"), HasSubstr(";x-amz-request-payer,"));
  }
  options_.s3_session_token = "token";
  ASSERT_TRUE(Fetch().ok());
  EXPECT_THAT(server_.requests().back().headers.at("authorization"),
              HasSubstr("x-amz-date;x-amz-request-payer;x-amz-security-token,"));
}

TEST_F(S3SourceTest, nobody_pays_unless_asked_to) {
  ASSERT_TRUE(Fetch().ok());
  EXPECT_EQ(server_.requests()[0].headers.count("x-amz-request-payer"), 0u);
  EXPECT_THAT(ListError(Error(403, "AccessDenied")).message(),
              HasSubstr("option `s3_requester_pays`"));
}

TEST_F(S3SourceTest, words_of_the_server_are_shown_on_one_line) {
  const std::string words = "no\n\x1b[31mred s3://KEY:hunter2@b";
  Answer({{403, "<Error><Code>Bad\nCode</Code><Message>" + words + "</Message></Error>"}});
  const auto image = Fetch().status();
  EXPECT_THAT(image.message(), AllOf(HasSubstr("no\\n"), Not(HasSubstr("\n")),
                                     Not(HasSubstr("\x1b")), Not(HasSubstr("hunter2"))));
  Answer({{403, "<Error><Code>AccessDenied</Code><Message>" + std::string(60'000, 'x') +
                    "</Message></Error>"}});
  EXPECT_LT(Fetch().status().message().size(), 1000u);
}

TEST_F(S3SourceTest, body_of_an_error_is_read_no_further_than_needed) {
  Response endless{404, "<Error><Code>NoSuchKey</Code>" + std::string(4'000'000, 'x')};
  endless.ending = Ending::kShort;
  ExpectRejectedAtOnce(endless, RejectReason::kNotFound);
}

TEST_F(S3SourceTest, wrong_credentials_stop_the_run) {
  Answer(std::deque<Response>(9, Error(403, "InvalidAccessKeyId")));
  const auto got = Fetch();
  EXPECT_TRUE(got.status().IsIOError());
  EXPECT_EQ(RejectReasonOf(got.status()), std::nullopt);
}

TEST_F(S3SourceTest, uri_of_another_store_is_rejected) {
  EXPECT_EQ(RejectReasonOf(Fetch("file:/a.jpg").status()), RejectReason::kIoError);
}

TEST_F(S3SourceTest, listing_says_what_is_wrong) {
  const std::string keys = std::string("<AWSAccessKeyId>") + kAccessKey + "</AWSAccessKeyId>";
  EXPECT_THAT(ListError(Error(403, "SignatureDoesNotMatch", keys)).message(),
              HasSubstr("wrong AWS credentials for s3a://bucket/Test"));
  EXPECT_THAT(ListError(Error(403, "InvalidAccessKeyId", keys)).message(),
              HasSubstr("wrong AWS credentials"));
  EXPECT_THAT(ListError(Error(400, "ExpiredToken")).message(), HasSubstr("expired"));
  EXPECT_THAT(ListError(Error(404, "NoSuchBucket")).message(), HasSubstr("no such bucket"));
  EXPECT_THAT(ListError(Error(403, "AccessDenied")).message(), HasSubstr("may not be read"));
}

TEST_F(S3SourceTest, endpoint_that_nobody_listens_at_is_found_out_soon) {
  options_.s3_endpoint = "http://127.0.0.1:1";
  options_.max_attempts = 1000;
  const auto status =
      Open()->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("no connection"), HasSubstr("\nhint: ")));
  EXPECT_TRUE(Fetch().status().IsIOError());
  EXPECT_EQ(RejectReasonOf(Fetch().status()), std::nullopt);
}

TEST_F(S3SourceTest, listing_follows_pages_and_decodes_keys) {
  Answer({Page(Object("Test/") + Object("Test/a+b%2Bc.jpg", 7), "to/ken+1"),
          Page(Object("Test/c%0Ad.jpg") + Object("Test/d/_temporary/1.jpg"), "2"),
          Page(Object("Test/part-0.parquet")), Page(Object("Test/never.jpg"))});
  auto source = Open();
  const auto refs = ListAll(*source, "s3://bucket/Test").ValueOrDie();
  ASSERT_EQ(refs.size(), 2u);
  EXPECT_EQ(refs[0].uri, "s3a://bucket/Test/a b+c.jpg");
  EXPECT_EQ(refs[0].size, 7);
  EXPECT_EQ(refs[0].version, "e1");
  EXPECT_EQ(refs[0].mtime_us, 1'255'369'830'250'000);
  EXPECT_EQ(refs[1].uri, "s3a://bucket/Test/c\nd.jpg");
  std::vector<std::string> targets;
  for (const Request& request : server_.requests()) targets.push_back(request.target);
  EXPECT_THAT(targets,
              ElementsAre("/bucket?encoding-type=url&list-type=2&max-keys=1000&prefix=Test%2F",
                          "/bucket?continuation-token=to%2Fken%2B1&encoding-type=url&list-type=2"
                          "&max-keys=1000&prefix=Test%2F",
                          "/bucket?continuation-token=2&encoding-type=url&list-type=2&max-keys=1000"
                          "&prefix=Test%2F"));
  EXPECT_EQ(source->counters().requests, 0) << "listings are no reads of images";
}

TEST_F(S3SourceTest, listing_is_no_more_than_a_page_ahead) {
  std::deque<Response> pages;
  for (int i = 0; i < 9; ++i)
    pages.push_back(Page(Object("Test/" + std::to_string(i)), "t" + std::to_string(i)));
  pages.push_back(Page(Object("Test/9")));
  Answer(pages);
  auto source = Open();
  auto listing =
      source->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).ValueOrDie();
  for (size_t read = 0; read < 10; ++read) {
    EXPECT_LE(server_.requests().size(), read + 2);
    EXPECT_EQ(listing->Next()->size(), 1u);
  }
  EXPECT_TRUE(listing->Next()->empty());
}

TEST_F(S3SourceTest, listing_is_retried) {
  Answer({Error(503, "SlowDown"), Page(Object("Test/1.jpg"))});
  EXPECT_EQ(ListAll(*Open(), "s3://bucket/Test")->size(), 1u);
}

TEST_F(S3SourceTest, listing_out_of_order_is_refused) {
  Answer({Page(Object("Test/b") + Object("Test/a"))});
  EXPECT_THAT(
      Open()->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).status().message(),
      HasSubstr("byte order"));
}

TEST_F(S3SourceTest, listing_that_repeats_its_token_is_an_error) {
  const std::string hidden = Object("Test/_hidden/1.jpg");
  Answer({Page("", "t"), Page("", "t")});
  EXPECT_THAT(ListAll(*Open(), "s3://bucket/Test").status().message(), HasSubstr("circle"));
  Answer({Page("", "a"), Page("", "b"), Page("", "c"), Page("", "a")});
  EXPECT_THAT(ListAll(*Open(), "s3://bucket/Test").status().message(), HasSubstr("circle"));
  Answer({Page(Object("Test/_1"), "t"), Page(Object("Test/_2"), "t")});
  EXPECT_THAT(ListAll(*Open(), "s3://bucket/Test").status().message(), HasSubstr("circle"));
  Answer({Page(hidden, "a"), Page(hidden, "b"), Page(Object("Test/1.jpg"))});
  EXPECT_THAT(ListAll(*Open(), "s3://bucket/Test").status().message(), HasSubstr("byte order"));
}

TEST_F(S3SourceTest, page_without_an_end_is_an_error) {
  Response page{200, std::string((32 << 20) + 1, ' ')};
  Answer({page});
  EXPECT_THAT(
      Open()->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).status().message(),
      AllOf(HasSubstr("cannot be read"), HasSubstr("limit")));
}

TEST_F(S3SourceTest, listing_of_hidden_keys_only_can_be_stopped) {
  arrow::StopSource stop;
  std::atomic<int> pages{0};
  ScriptedHttpServer endless([&](const Request&) {
    const int page = ++pages;
    if (page == 3) stop.RequestStop();
    const std::string number = std::to_string(1'000'000 + page);
    return Page(Object("Test/.hidden/" + number), number);
  });
  options_.s3_endpoint = endless.url();
  auto source = Open();
  auto listing = source->List(Address("s3://bucket/Test"), stop.token()).ValueOrDie();
  EXPECT_TRUE(listing->Next().status().IsCancelled());
  EXPECT_LE(pages, 5);
}

TEST_F(S3SourceTest, listing_that_waits_can_be_stopped) {
  Response hang;
  hang.ending = Ending::kHang;
  Answer({Page(Object("Test/1.jpg"), "a"), hang});
  auto source = Open();
  arrow::StopSource stop;
  auto listing = source->List(Address("s3://bucket/Test"), stop.token()).ValueOrDie();
  EXPECT_EQ(listing->Next()->size(), 1u);
  stop.RequestStop();
  EXPECT_TRUE(listing->Next().status().IsCancelled());
  listing.reset();
  source.reset();  // does not wait for the answer: the test would take its 30 seconds
}

TEST_F(S3SourceTest, one_object_is_a_source) {
  Answer({Page(""), Page(Object("Test/1.jpg", 5))});
  auto source = Open();
  const auto refs = ListAll(*source, "s3://bucket/Test/1.jpg").ValueOrDie();
  ASSERT_EQ(refs.size(), 1u);
  EXPECT_EQ(refs[0].uri, "s3a://bucket/Test/1.jpg");
}

TEST_F(S3SourceTest, missing_prefix_and_empty_bucket_are_two_things) {
  Answer({Page(""), Page(Object("Test2"))});
  EXPECT_THAT(
      Open()->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).status().message(),
      HasSubstr("does not exist"));
  Answer({Page("")});
  EXPECT_TRUE(ListAll(*Open(), "s3://bucket")->empty());
  Answer({Page(Object("Test/"))});
  EXPECT_TRUE(ListAll(*Open(), "s3://bucket/Test")->empty()) << "a marker makes an empty folder";
}

TEST_F(S3SourceTest, answer_that_is_no_listing_is_an_error) {
  Answer({{200, "<html>login</html>"}});
  EXPECT_THAT(
      Open()->List(Address("s3://bucket/Test"), arrow::StopToken::Unstoppable()).status().message(),
      HasSubstr("not an answer of an S3 listing"));
}

TEST(S3SourceOptions, missing_credentials_say_what_to_set) {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"}) {
    unsetenv(name);
  }
  setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
  setenv("AWS_CONFIG_FILE", "/dev/null", 1);
  setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
  const auto status = OpenS3Source({}, 1).status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("AWS_ACCESS_KEY_ID"));
}

}  // namespace
}  // namespace pomona
