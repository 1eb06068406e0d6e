#include "pomona/source/s3/client.h"

#include <utility>

#include "pomona/source/s3/session.h"
#include "pomona/source/s3/transfer.h"
#include "pomona/source/transport/transfer_loop.h"
#include "pomona/storage/s3/address.h"
#include "pomona/storage/s3/credentials.h"
#include "pomona/storage/s3/settings.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

class S3Client::Impl {
 public:
  Impl(const StorageOptions& storage, S3Settings settings,
       std::unique_ptr<S3CredentialSource> credentials)
      : session_(storage, std::move(settings), std::move(credentials)) {}

  Status Start(const TransferLoopOptions& options) {
    ARROW_ASSIGN_OR_RAISE(loop_, TransferLoop::Start(options));
    return Status::OK();
  }

  void Get(S3Request request, S3Done done) {
    loop_->Submit(std::make_unique<S3Transfer>(&session_, std::move(request), std::move(done)));
  }

  FetchCounters counters() const { return session_.counts.Read(loop_->busy_ns()); }

  bool reached() const { return session_.reached.load(std::memory_order_relaxed); }

 private:
  S3Session session_;
  std::unique_ptr<TransferLoop> loop_;  // ends first
};

S3Client::S3Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
S3Client::~S3Client() = default;

Result<std::unique_ptr<S3Client>> S3Client::Open(const StorageOptions& storage, int connections) {
  ARROW_ASSIGN_OR_RAISE(S3Settings settings, S3Settings::Find(storage));
  ARROW_ASSIGN_OR_RAISE(auto credentials, S3CredentialSource::Open(storage));
  TransferLoopOptions options;
  options.connections = connections;
  options.connect_timeout = storage.connect_timeout;
  options.request_timeout = storage.request_timeout;
  if (!settings.endpoint.empty()) {
    // Any bucket does: only the host counts.
    ARROW_ASSIGN_OR_RAISE(const S3Address address,
                          FindS3Address(settings, "bucket", settings.region));
    options.use_proxy = !address.is_loopback;
  }
  auto impl = std::make_unique<Impl>(storage, std::move(settings), std::move(credentials));
  ARROW_RETURN_NOT_OK(impl->Start(options));
  return std::unique_ptr<S3Client>(new S3Client(std::move(impl)));
}

void S3Client::Get(S3Request request, S3Done done) {
  impl_->Get(std::move(request), std::move(done));
}

FetchCounters S3Client::counters() const { return impl_->counters(); }

bool S3Client::reached() const { return impl_->reached(); }

}  // namespace pomona
