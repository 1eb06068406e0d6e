#include "pomona/source/s3/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pomona {
namespace {

using ::testing::HasSubstr;

arrow::Result<S3Page> Parse(const std::string& inside) {
  return S3Page::Parse("<ListBucketResult>" + inside + "</ListBucketResult>");
}

std::string Object(const std::string& inside) {
  return "<IsTruncated>false</IsTruncated><Contents>" + inside + "</Contents>";
}

void ExpectRefused(const std::string& inside, const std::string& words) {
  const auto status = Parse(inside).status();
  EXPECT_TRUE(status.IsIOError()) << inside << ": " << status;
  EXPECT_THAT(status.message(), HasSubstr(words)) << inside;
}

TEST(S3Page, gives_objects_with_the_opaque_part_of_their_etags) {
  for (const char* etag : {"e1", "&quot;e1&quot;", "W/&quot;e1&quot;"}) {
    const auto page = Parse(Object("<Key>a b</Key><Size>7</Size><ETag>" + std::string(etag) +
                                   "</ETag><LastModified>2009-10-12T17:50:30.250Z</LastModified>"))
                          .ValueOrDie();
    ASSERT_EQ(page.objects.size(), 1u);
    EXPECT_EQ(page.objects[0].key, "a b");
    EXPECT_EQ(page.objects[0].size, 7);
    EXPECT_EQ(page.objects[0].etag, "e1");
    EXPECT_EQ(page.objects[0].mtime_us, 1'255'369'830'250'000);
    EXPECT_EQ(page.continuation_token, "");
  }
}

TEST(S3Page, refuses_sizes_that_are_none) {
  for (const char* size : {"-1", "", "1e3", " 1", "0x1", "99999999999999999999", "1 "}) {
    ExpectRefused(Object("<Key>a</Key><Size>" + std::string(size) + "</Size>"), "size");
  }
  ExpectRefused(Object("<Key>a</Key>"), "size");
}

TEST(S3Page, refuses_keys_that_are_none) {
  ExpectRefused(Object("<Size>1</Size>"), "without a key");
  ExpectRefused("<EncodingType>url</EncodingType>" + Object("<Key>%FF</Key><Size>1</Size>"),
                "not UTF-8: \\xff");
}

TEST(S3Page, says_whether_it_goes_on) {
  const std::string token = "<NextContinuationToken>t</NextContinuationToken>";
  EXPECT_EQ(Parse("<IsTruncated>true</IsTruncated>" + token)->continuation_token, "t");
  EXPECT_EQ(Parse(token)->continuation_token, "t");
  EXPECT_EQ(Parse("<IsTruncated>false</IsTruncated>" + token)->continuation_token, "");
  ExpectRefused("<IsTruncated>true</IsTruncated>", "breaks off");
  ExpectRefused("<IsTruncated>maybe</IsTruncated>", "does not say whether it goes on");
}

TEST(S3Page, refuses_what_is_no_listing) {
  for (const char* text : {"", "no XML", "<html/>", "<ListBucketResult>", "\xff\xfe"}) {
    EXPECT_TRUE(S3Page::Parse(text).status().IsIOError()) << text;
  }
}

TEST(S3Time, is_read_strictly) {
  EXPECT_EQ(ParseS3Time("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(ParseS3Time("1970-01-01T00:00:00.000001Z"), 1);
  EXPECT_EQ(ParseS3Time("1970-01-01T00:00:00.9999999Z"), 999'999);
  for (const char* text : {"", "Z", "1970-01-01", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z",
                           "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:00:99Z",
                           "1970-01-01T00:00:1e300Z", "+970-01-01T00:00:00Z",
                           "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1x2Z"}) {
    EXPECT_EQ(ParseS3Time(text), 0) << text;
  }
}

}  // namespace
}  // namespace pomona
