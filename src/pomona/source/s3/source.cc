#include "pomona/source/s3/source.h"

#include <utility>

#include "pomona/shown_text.h"
#include "pomona/source/s3/client.h"
#include "pomona/source/s3/listing.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

class S3Source : public Source {
 public:
  explicit S3Source(std::shared_ptr<S3Client> client) : client_(std::move(client)) {}

  arrow::Result<std::unique_ptr<Listing>> List(const std::string& uri,
                                               arrow::StopToken stop) override {
    ARROW_ASSIGN_OR_RAISE(const Uri parsed, Uri::Parse(uri));
    if (parsed.scheme != Scheme::kS3) return arrow::Status::Invalid("not in S3: ", ShownUri(uri));
    return OpenS3Listing(client_, parsed.authority, parsed.path, std::move(stop));
  }

  void Fetch(ImageRef ref, FetchCallback done) override {
    S3Request request;
    // What is not an S3 URI leaves the bucket empty, which the client refuses.
    auto parsed = Uri::Parse(ref.uri);
    if (parsed.ok() && parsed->scheme == Scheme::kS3) {
      request.bucket = std::move(parsed->authority);
      request.key = std::move(parsed->path);
    }
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
