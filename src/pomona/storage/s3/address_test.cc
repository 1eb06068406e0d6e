#include "pomona/storage/s3/address.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

S3Address Find(const std::string& endpoint, const std::string& bucket,
               const std::string& region = "eu-west-1") {
  S3Settings settings;
  settings.endpoint = endpoint;
  settings.region = region;
  return FindS3Address(settings, bucket, region).ValueOrDie();
}

TEST(S3Address, on_aws_the_host_names_the_bucket) {
  const S3Address address = Find("", "fruits");
  EXPECT_EQ(address.base_url, "https://fruits.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(address.host, "fruits.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(address.bucket_path, "");
  EXPECT_TRUE(address.is_aws);
  EXPECT_EQ(Find("", "fruits", "cn-north-1").host, "fruits.s3.cn-north-1.amazonaws.com.cn");
}

TEST(S3Address, on_aws_the_path_names_a_bucket_that_no_certificate_fits) {
  for (const char* bucket : {"my.fruits", "Old_Bucket"}) {
    const S3Address address = Find("", bucket);
    EXPECT_EQ(address.host, "s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(address.bucket_path, std::string("/") + bucket);
  }
}

TEST(S3Address, at_an_endpoint_the_path_names_the_bucket) {
  const S3Address address = Find("http://127.0.0.1:9000", "fruits");
  EXPECT_EQ(address.base_url, "http://127.0.0.1:9000");
  EXPECT_EQ(address.host, "127.0.0.1:9000");
  EXPECT_EQ(address.bucket_path, "/fruits");
  EXPECT_FALSE(address.is_aws);
}

TEST(S3Address, host_header_is_without_the_default_port) {
  EXPECT_EQ(Find("http://minio:80", "b").host, "minio");
  EXPECT_EQ(Find("https://minio:443", "b").host, "minio");
  EXPECT_EQ(Find("https://minio:80", "b").host, "minio:80");
  EXPECT_EQ(Find("http://minio:8080", "b").host, "minio:8080");
}

TEST(S3Address, loopback_is_known) {
  for (const char* endpoint : {"http://127.0.0.1:9000", "http://localhost:9000", "http://localhost",
                               "http://[::1]:9000"}) {
    EXPECT_TRUE(Find(endpoint, "b").is_loopback) << endpoint;
  }
  EXPECT_FALSE(Find("http://minio:9000", "b").is_loopback);
  EXPECT_FALSE(Find("", "b").is_loopback);
}

TEST(S3Address, access_point_arn_is_a_host_of_its_own) {
  const S3Address address =
      Find("", "arn:aws:s3:us-west-2:123456789012:accesspoint/fruits", "eu-west-1");
  EXPECT_EQ(address.host, "fruits-123456789012.s3-accesspoint.us-west-2.amazonaws.com");
  EXPECT_EQ(address.region, "us-west-2");
  EXPECT_EQ(address.bucket_path, "");
}

TEST(S3Address, access_point_alias_is_a_bucket) {
  EXPECT_EQ(Find("", "fruits-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias").host,
            "fruits-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias.s3.eu-west-1.amazonaws.com");
}

TEST(S3Address, refuses_what_is_no_bucket) {
  for (const char* bucket :
       {"", "..", "a b", "a@b", "a:80", "arn:aws:s3:::bucket", "arn:aws:s3::1:accesspoint/mrap",
        "arn:aws:s3-object-lambda:us-east-1:1:accesspoint/x", "arn:aws:s3:us-east-1:1:accesspoint/",
        "arn:aws:s3:us-east-1:1:accesspoint/a.b"}) {
    EXPECT_TRUE(FindS3Address({}, bucket, "us-east-1").status().IsInvalid()) << bucket;
  }
}

}  // namespace
}  // namespace pomona
