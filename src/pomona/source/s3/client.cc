#include "pomona/source/s3/client.h"

#include <utility>

#include "pomona/source/fetch_counts.h"
#include "pomona/source/s3/transfer.h"
#include "pomona/storage/s3/connection.h"

namespace pomona {

using arrow::Result;

class S3Client::Impl {
 public:
  explicit Impl(std::unique_ptr<S3Connection> connection) : connection_(std::move(connection)) {}

  void Get(S3Request request, S3Done done) {
    connection_->loop->Submit(std::make_unique<S3Transfer>(&connection_->session, &counts_,
                                                           std::move(request), std::move(done)));
  }

  FetchCounters counters() const { return counts_.Read(connection_->loop->busy_ns()); }

  bool reached() const { return connection_->session.reached.load(std::memory_order_relaxed); }

 private:
  FetchCounts counts_;
  const std::unique_ptr<S3Connection> connection_;  // ends first
};

S3Client::S3Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
S3Client::~S3Client() = default;

Result<std::unique_ptr<S3Client>> S3Client::Open(const StorageOptions& storage, int connections) {
  ARROW_ASSIGN_OR_RAISE(auto connection, S3Connection::Open(storage, connections));
  auto impl = std::make_unique<Impl>(std::move(connection));
  return std::unique_ptr<S3Client>(new S3Client(std::move(impl)));
}

void S3Client::Get(S3Request request, S3Done done) {
  impl_->Get(std::move(request), std::move(done));
}

FetchCounters S3Client::counters() const { return impl_->counters(); }

bool S3Client::reached() const { return impl_->reached(); }

}  // namespace pomona
