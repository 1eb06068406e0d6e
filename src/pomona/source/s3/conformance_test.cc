// Takes part where POMONA_TEST_S3_ENDPOINT, and for another S3 server POMONA_TEST_S3PROXY_ENDPOINT,
// name a server; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are for both.
#include <arrow/filesystem/s3fs.h>

#include "file_system_store.h"
#include "source_conformance.h"

namespace pomona {
namespace {

class S3Store : public FileSystemStore {
 public:
  explicit S3Store(const char* endpoint) {
    storage_.s3_endpoint = endpoint;
    uri_ = "s3a://" + UniqueName() + "/data set";
    location_ = OpenFileSystem(Uri::Parse(uri_).ValueOrDie(), storage_).ValueOrDie();
    auto options =
        std::static_pointer_cast<arrow::fs::S3FileSystem>(location_.filesystem)->options();
    options.allow_bucket_creation = options.allow_bucket_deletion = true;
    location_.filesystem = arrow::fs::S3FileSystem::Make(options).ValueOrDie();
    MakeFolder();
  }
  ~S3Store() override {
    const std::string bucket = location_.path.substr(0, location_.path.find('/'));
    static_cast<void>(location_.filesystem->DeleteDir(bucket));
  }
};

INSTANTIATE_TEST_SUITE_P(S3, SourceConformance,
                         testing::ValuesIn(StoreOfEnvironment<S3Store>("s3",
                                                                       "POMONA_TEST_S3_ENDPOINT")),
                         StoreKindName);
INSTANTIATE_TEST_SUITE_P(
    S3Proxy, SourceConformance,
    testing::ValuesIn(StoreOfEnvironment<S3Store>("s3proxy", "POMONA_TEST_S3PROXY_ENDPOINT")),
    StoreKindName);

}  // namespace
}  // namespace pomona
