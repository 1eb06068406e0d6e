#include "pomona/storage/s3/signer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

// The examples of "Authenticating Requests: Using the Authorization Header" in the S3 API
// reference: keys that AWS made public for this purpose.
const S3Credentials kExampleKeys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                                 ""};
constexpr char kTime[] = "20130524T000000Z";
constexpr char kHost[] = "examplebucket.s3.amazonaws.com";

TEST(S3Signer, get_object_example_of_aws) {
  S3Signer signer;
  S3Signer::Request request;
  request.path = "/test.txt";
  request.headers = {{"host", kHost},
                     {"range", "bytes=0-9"},
                     {"x-amz-content-sha256", S3Signer::kEmptyPayload},
                     {"x-amz-date", kTime}};
  EXPECT_EQ(signer.Authorization(request, kExampleKeys, "us-east-1", kTime),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signer, bucket_lifecycle_example_of_aws) {
  S3Signer signer;
  S3Signer::Request request;
  request.path = "/";
  request.query = "lifecycle=";
  request.headers = {
      {"host", kHost}, {"x-amz-content-sha256", S3Signer::kEmptyPayload}, {"x-amz-date", kTime}};
  EXPECT_THAT(
      signer.Authorization(request, kExampleKeys, "us-east-1", kTime),
      EndsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST(S3Signer, list_objects_example_of_aws) {
  S3Signer signer;
  S3Signer::Request request;
  request.path = "/";
  request.query = "max-keys=2&prefix=J";
  request.headers = {
      {"host", kHost}, {"x-amz-content-sha256", S3Signer::kEmptyPayload}, {"x-amz-date", kTime}};
  EXPECT_THAT(
      signer.Authorization(request, kExampleKeys, "us-east-1", kTime),
      EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

// Of "Authenticating Requests: Using Query Parameters", with its time to live of a day.
TEST(S3Signer, query_example_of_aws) {
  S3Signer signer;
  S3Signer::Request request;
  request.path = "/test.txt";
  request.headers = {{"host", kHost}};
  request.payload_hash = S3Signer::kUnsignedPayload;
  EXPECT_EQ(signer.Query(request, kExampleKeys, "us-east-1", kTime, 86'400),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F"
            "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
            "X-Amz-SignedHeaders=host&X-Amz-Signature="
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(S3Signer, query_holds_token_headers_and_what_is_asked_for) {
  S3Signer signer;
  S3Credentials keys = kExampleKeys;
  keys.session_token = "to/ken";
  S3Signer::Request request;
  request.method = "PUT";
  request.path = "/test.txt";
  request.query = "partNumber=1&uploadId=u";
  request.headers = {{"host", kHost}, {"if-none-match", "*"}};
  request.payload_hash = S3Signer::kUnsignedPayload;
  EXPECT_THAT(signer.Query(request, keys, "us-east-1", kTime, 1),
              HasSubstr("&X-Amz-Expires=1&X-Amz-Security-Token=to%2Fken&X-Amz-SignedHeaders="
                        "host%3Bif-none-match&partNumber=1&uploadId=u&X-Amz-Signature="));
}

TEST(S3Signer, key_follows_day_region_and_secret) {
  S3Signer signer;
  S3Signer::Request request;
  request.path = "/";
  request.headers = {{"host", kHost}};
  const std::string first = signer.Authorization(request, kExampleKeys, "us-east-1", kTime);
  S3Credentials other = kExampleKeys;
  other.secret_key += "x";
  EXPECT_NE(signer.Authorization(request, other, "us-east-1", kTime), first);
  EXPECT_THAT(signer.Authorization(request, kExampleKeys, "eu-west-1", kTime),
              HasSubstr("/20130524/eu-west-1/s3/"));
  EXPECT_EQ(signer.Authorization(request, kExampleKeys, "us-east-1", kTime), first);
}

TEST(S3Signer, formats_time) { EXPECT_EQ(S3Signer::FormatTime(1369353600), kTime); }

}  // namespace
}  // namespace pomona
