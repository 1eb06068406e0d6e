#include "pomona/shown_text.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace pomona {
namespace {

TEST(ShownText, leaves_what_people_write) {
  for (const char* text : {"", "Apple Braeburn/3_100.jpg", "Äpfel/苹果.jpg", "a\\b `c` \"d\""}) {
    EXPECT_EQ(ShownText(text), text);
  }
}

TEST(ShownText, shows_controls) {
  EXPECT_EQ(ShownText("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(ShownText("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  EXPECT_EQ(ShownText(std::string("a\0b\x7f", 4)), "a\\x00b\\x7f");
  EXPECT_EQ(ShownText("\xc2\x9b"
                      "31m"),
            "\\u009b31m")
      << "the one-byte form of ESC [";
  EXPECT_EQ(ShownText("a\u202egpj.exe"), "a\\u202egpj.exe");
  EXPECT_EQ(ShownText("a\u2028b"), "a\\u2028b");
}

TEST(ShownText, shows_bytes_that_are_no_letters) {
  EXPECT_EQ(ShownText("a\xff"), "a\\xff");
  EXPECT_EQ(ShownText("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(ShownText("\xe8\x8b"), "\\xe8\\x8b");
  EXPECT_EQ(ShownText("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

TEST(ShownUri, has_no_credentials) {
  const std::map<std::string, std::string> shown = {
      {"s3://AKIDEXAMPLE:se+cr/et@bucket/a.jpg", "s3://***@bucket/a.jpg"},
      {"s3a://AKIDEXAMPLE:secret@bucket", "s3a://***@bucket"},
      {"s3://AKIDEXAMPLE:secret/bucket", "s3://***/bucket"},
      {"s3://AKIDEXAMPLE@bucket/a", "s3://***@bucket/a"},
      {"hdfs://user:pw@host:9000/a", "hdfs://***@host:9000/a"},
      {"https://user:p@ss@host/a?b", "https://***@host/a?b"},
      {"gs://token:pw@bucket/a", "gs://***@bucket/a"},
      {"s3://b/k?X-Amz-Signature=abc&x-id=1&X-Amz-Credential=AK%2F1",
       "s3://b/k?X-Amz-Signature=***&x-id=1&X-Amz-Credential=***"},
      {"abfs://c@a.dfs.core.windows.net/d?sv=1&sig=abc%3D",
       "abfs://c@a.dfs.core.windows.net/d?sv=1&sig=***"},
      {"cannot read `s3://A:b@c/d`: no", "cannot read `s3://***@c/d`: no"},
      {"s3://A:b@c and s3://D:e@f", "s3://***@c and s3://***@f"},
  };
  for (const auto& [text, want] : shown) EXPECT_EQ(ShownUri(text), want);
}

TEST(ShownUri, keeps_what_is_no_secret) {
  for (const char* uri :
       {"/photos/a@b.jpg", "file:/a/b?c=d", "s3a://bucket/x@y:z.jpg", "hdfs://user@host:9000/a",
        "hdfs://host:9000/a", "gs://anonymous@bucket/a", "http://127.0.0.1:9000", "http://[::1]:90",
        "abfs://container@account.dfs.core.windows.net/a", "s3://bucket/what?.jpg",
        "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/name/key"}) {
    EXPECT_EQ(ShownUri(uri), uri);
  }
}

TEST(ShownMessage, keeps_our_hint_on_its_line) {
  EXPECT_EQ(ShownMessage("no: a\nhint: b\x1b\nhint: c"), "no: a\\nhint: b\\x1b\nhint: c");
  EXPECT_EQ(ShownMessage("a\nb s3://K:s@b"), "a\\nb s3://***@b");
  EXPECT_EQ(ShownMessage("other options:\n  a\n  b\nc\nhint: d"),
            "other options:\n  a\n  b\\nc\nhint: d");
}

TEST(ShownUri, a_control_in_a_secret_does_not_end_it) {
  const std::string shown = ShownUri("no: s3://KEY:sec\tret@bucket/x");
  EXPECT_EQ(shown, "no: s3://***@bucket/x");
  EXPECT_EQ(ShownUri(shown), shown);
}

}  // namespace
}  // namespace pomona
