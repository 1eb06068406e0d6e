#include "pomona/storage/uri.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pomona {
namespace {

std::string Canonical(const std::string& text) {
  auto uri = Uri::Parse(text);
  return uri.ok() ? uri->ToString() : uri.status().ToString();
}

TEST(Uri, local_spellings_have_one_slash) {
  EXPECT_EQ(Canonical("/data/Apple Braeburn/3_100.jpg"), "file:/data/Apple Braeburn/3_100.jpg");
  EXPECT_EQ(Canonical("file:/data/x"), "file:/data/x");
  EXPECT_EQ(Canonical("file:///data/x"), "file:/data/x");
  EXPECT_EQ(Canonical("/data/"), "file:/data");
  EXPECT_EQ(Canonical("/a//b/./c/../d/"), "file:/a/b/d");
  EXPECT_EQ(Canonical("/"), "file:/");
}

TEST(Uri, relative_path_is_made_absolute) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(Canonical("Test"), "file:" + here + "/Test");
  EXPECT_EQ(Canonical("../x/."),
            "file:" + std::filesystem::path(here).parent_path().string() +
                (std::filesystem::path(here).parent_path() == "/" ? "x" : "/x"));
  EXPECT_EQ(Canonical("a:b"), "file:" + here + "/a:b");
}

TEST(Uri, nothing_is_percent_decoded) {
  EXPECT_EQ(Canonical("file:///a%20b"), "file:/a%20b");
  EXPECT_EQ(Canonical("s3://b/a%2Fb?x#y"), "s3a://b/a%2Fb?x#y");
}

TEST(Uri, s3_and_s3a_are_the_same) {
  EXPECT_EQ(Canonical("s3://bucket/Test/a b.jpg"), "s3a://bucket/Test/a b.jpg");
  EXPECT_EQ(Canonical("s3a://bucket/Test"), "s3a://bucket/Test");
  EXPECT_EQ(Canonical("s3://bucket"), "s3a://bucket");
  EXPECT_EQ(Canonical("s3://bucket/"), "s3a://bucket");
}

TEST(Uri, the_case_of_a_scheme_does_not_matter) {
  EXPECT_EQ(Canonical("S3://bucket/Test"), "s3a://bucket/Test");
  EXPECT_EQ(Canonical("S3A://bucket/Test"), "s3a://bucket/Test");
  EXPECT_EQ(Canonical("FILE:///data/X"), "file:/data/X");
  EXPECT_EQ(Canonical("Hdfs://host/a"), "hdfs://host/a");
}

TEST(Uri, s3_keys_are_not_paths) {
  const Uri uri = Uri::Parse("s3://bucket//a//../b/").ValueOrDie();
  EXPECT_EQ(uri.authority, "bucket");
  EXPECT_EQ(uri.path, "/a//../b/");
}

TEST(Uri, access_point_arn_is_the_bucket) {
  const std::string arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/fruits";
  const Uri uri = Uri::Parse("s3://" + arn + "/Test/x.jpg").ValueOrDie();
  EXPECT_EQ(uri.authority, arn);
  EXPECT_EQ(uri.path, "Test/x.jpg");
  EXPECT_EQ(uri.ToString(), "s3a://" + arn + "/Test/x.jpg");
  EXPECT_EQ(Uri::Parse("s3://" + arn)->authority, arn);
  const std::string colon = "arn:aws:s3:eu-west-1:123456789012:accesspoint:fruits";
  EXPECT_EQ(Uri::Parse("s3://" + colon + "/Test/x.jpg")->authority, colon);
}

TEST(Uri, other_stores) {
  EXPECT_EQ(Canonical("hdfs://host:8020/a//b/"), "hdfs://host:8020/a/b");
  EXPECT_EQ(Canonical("hdfs:///a"), "hdfs:///a");
  EXPECT_EQ(Canonical("gs://bucket/a"), "gs://bucket/a");
  EXPECT_EQ(Canonical("abfss://c@acc.dfs.core.windows.net/a"),
            "abfss://c@acc.dfs.core.windows.net/a");
}

TEST(Uri, refuses_what_it_cannot_reach) {
  for (const char* text :
       {"", "ftp://host/x", "s3://", "s3:///key", "gs:///x", "file://host/x", "dbfs:/x",
        "s3a:/bucket/x", "s3n://bucket/x", "viewfs://x/y", "wasbs://c@a/x", "HTTP://host/x"}) {
    const auto status = Uri::Parse(text).status();
    EXPECT_TRUE(status.IsInvalid()) << text;
    EXPECT_EQ(RejectReasonOf(status), RejectReason::kBadAddress) << text;
  }
  EXPECT_TRUE(Uri::Parse(std::string_view("a\0b", 3)).status().IsInvalid());
}

TEST(Uri, schemes_are_taken_in_any_case) {
  EXPECT_EQ(Canonical("S3A://Bucket/Key"), "s3a://Bucket/Key");
  EXPECT_EQ(Canonical("HDFS://host/a"), "hdfs://host/a");
  EXPECT_EQ(Canonical("FILE:///a"), "file:/a");
}

TEST(Uri, hadoop_writes_one_slash_where_there_is_no_host) {
  EXPECT_EQ(Canonical("hdfs:/a/b"), "hdfs:///a/b");
}

TEST(Uri, a_colon_alone_makes_no_scheme) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(Canonical("s3:key"), "file:" + here + "/s3:key");
  EXPECT_EQ(Canonical("2024:/a"), "file:" + here + "/2024:/a");
}

TEST(Uri, bytes_that_are_not_utf8_are_shown_and_restored) {
  const std::string raw = "caf\xe9 \xff\xc3\xa9.jpg";
  const std::string shown = EscapeInvalidUtf8(raw);
  EXPECT_EQ(shown, "caf\\xe9 \\xff\xc3\xa9.jpg");
  EXPECT_EQ(UnescapeInvalidUtf8(shown), raw);
  EXPECT_EQ(EscapeInvalidUtf8("\xf0\x9f\x8d\x8e"), "\xf0\x9f\x8d\x8e");
  EXPECT_EQ(EscapeInvalidUtf8("\xf0\x9f"), "\\xf0\\x9f");
  EXPECT_EQ(UnescapeInvalidUtf8("a\\x41\\x8"), "a\\x41\\x8");
}

}  // namespace
}  // namespace pomona
