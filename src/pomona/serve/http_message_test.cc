#include "pomona/serve/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "pomona/base/json.h"
#include "pomona/serve/openapi.h"
#include "pomona/serve/short_number.h"
#include "pomona/serve/work_queue.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(HttpMessageTest, a_target_is_taken_apart) {
  HttpRequest request;
  ASSERT_TRUE(request.SetTarget("/a%2fb%20c?k=3&&x&name=a+b%26").ok());
  EXPECT_EQ(request.path, "/a/b c");
  EXPECT_THAT(request.query, ElementsAre(Pair("k", "3"), Pair("name", "a b&"), Pair("x", "")));
  ASSERT_TRUE(request.SetTarget("/").ok());
  EXPECT_TRUE(request.query.empty());
  for (const char* bad : {"/%", "/%4", "/%zz", "/?a=%4"}) {
    EXPECT_TRUE(request.SetTarget(bad).IsInvalid()) << bad;
  }
}

TEST(HttpMessageTest, names_of_headers_have_no_case) {
  HttpRequest request;
  request.headers = {{"content-TYPE", "image/png"}};
  EXPECT_EQ(request.header("Content-Type"), "image/png");
  EXPECT_EQ(request.header("Origin"), "");
}

TEST(HttpMessageTest, an_error_is_json_with_its_hint) {
  EXPECT_EQ(ErrorReply(400, "bad_request", "no\nhint: try").body,
            "{\"error\":\"no\",\"code\":\"bad_request\",\"hint\":\"try\"}\n");
  EXPECT_EQ(ErrorReply(400, "bad_request", "\xff\"").body,
            "{\"error\":\"\\\\xff\\\"\",\"code\":\"bad_request\"}\n");
}

TEST(HttpMessageTest, a_float_has_its_own_digits) {
  EXPECT_EQ(ShortNumber(0.9F), 0.9);
  EXPECT_EQ(ShortNumber(1e-7F), 1e-7);
}

TEST(OpenApiTest, the_document_is_json_of_our_version) {
  const auto document = ParseJson(OpenApiDocument());
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ((*document)["info"]["version"], kVersion);
}

TEST(WorkQueueTest, more_than_may_wait_is_refused) {
  std::mutex mutex;
  std::condition_variable changed;
  bool begun = false;
  bool open = false;
  int done = 0;
  const auto queue = *WorkQueue::Start(/*threads=*/1, /*most=*/2);
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    begun = true;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
    ++done;
    changed.notify_all();
  };
  ASSERT_TRUE(queue->Push(wait));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return begun; });
  }
  EXPECT_TRUE(queue->Push(wait));
  EXPECT_FALSE(queue->full());
  EXPECT_TRUE(queue->Push(wait));
  EXPECT_TRUE(queue->full());
  EXPECT_FALSE(queue->Push(wait));
  std::unique_lock lock(mutex);
  open = true;
  changed.notify_all();
  changed.wait(lock, [&] { return done == 3; });
}

}  // namespace
}  // namespace pomona
