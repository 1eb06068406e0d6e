#include "pomona/source/s3/source.h"

#include <utility>

#include "pomona/source/s3/client.h"
#include "pomona/source/s3/listing.h"

namespace pomona {
namespace {

class S3Source : public Source {
 public:
  explicit S3Source(std::shared_ptr<S3Client> client) : client_(std::move(client)) {}

  arrow::Result<std::unique_ptr<Listing>> List(const Uri& uri, arrow::StopToken stop) override {
    return OpenS3Listing(client_, uri.authority, uri.path, std::move(stop));
  }

  void Fetch(ImageRef ref, FetchCallback done) override {
    S3Request request;
    request.bucket = std::move(ref.uri.authority);
    request.key = std::move(ref.uri.path);
    if (ref.size != kUnknownSize) request.expected_size = ref.size;
    request.most_bytes = ref.max_bytes;
    request.expected_etag = std::move(ref.version);
    client_->Get(
        std::move(request), [client = client_.get(), done = std::move(done)](S3Response response) {
          if (!response.error) {
            done(std::move(response.body));
          } else if (response.error->kind == S3Error::Kind::kUnreachable && !client->reached()) {
            done(response.error->ForSource(""));
          } else {
            done(response.error->ForImage());
          }
        });
  }

  FetchCounters counters() const override { return client_->counters(); }

 private:
  const std::shared_ptr<S3Client> client_;
};

}  // namespace

arrow::Result<std::shared_ptr<Source>> OpenS3Source(const StorageOptions& storage, int fetches) {
  // One more, so that a listing need not wait for fetches.
  ARROW_ASSIGN_OR_RAISE(auto client, S3Client::Open(storage, fetches + 1));
  return std::make_shared<S3Source>(std::move(client));
}

}  // namespace pomona
