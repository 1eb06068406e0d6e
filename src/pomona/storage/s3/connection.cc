#include "pomona/storage/s3/connection.h"

#include <utility>

#include "pomona/storage/s3/address.h"
#include "pomona/storage/s3/credentials.h"
#include "pomona/storage/s3/settings.h"

namespace pomona {

arrow::Result<std::unique_ptr<S3Connection>> S3Connection::Open(const StorageOptions& storage,
                                                                int connections) {
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
  std::unique_ptr<S3Connection> connection(
      new S3Connection{S3Session(storage, std::move(settings), std::move(credentials)), nullptr});
  ARROW_ASSIGN_OR_RAISE(connection->loop, TransferLoop::Start(options));
  return connection;
}

}  // namespace pomona
