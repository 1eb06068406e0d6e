#include "pomona/storage/s3/put.h"

#include <utility>

namespace pomona {

S3CallRequest S3PutRequest(std::string key, std::shared_ptr<arrow::Buffer> body) {
  S3CallRequest request{.verb = S3Verb::kPut, .key = std::move(key), .query = ""};
  request.body_sha256 = Sha256Of(std::string_view(*body));
  request.body = std::move(body);
  request.headers = {{"content-type", std::string(kS3ObjectType)},
                     {"x-amz-checksum-sha256", S3Checksum(request.body_sha256)}};
  return request;
}

arrow::Result<bool> PutS3Object(S3Caller* caller, const std::string& key,
                                std::shared_ptr<arrow::Buffer> body,
                                const S3WriteOptions& options) {
  const int64_t size = body->size();
  S3CallRequest request = S3PutRequest(key, std::move(body));
  const S3Contents contents{key, size, 0, S3Checksum(request.body_sha256)};
  ARROW_RETURN_NOT_OK(caller->Restrict(options, &request));
  const S3CallAnswer answer = caller->Call(std::move(request));
  return caller->TookPlace(answer, answer.head.checksum, contents, options.only_new);
}

}  // namespace pomona
