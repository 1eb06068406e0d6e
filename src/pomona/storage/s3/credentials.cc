#include "pomona/storage/s3/credentials.h"

#include <arrow/filesystem/s3fs.h>

#include <utility>

#include "pomona/base/guarded.h"
#include "pomona/shown_text.h"
#include "pomona/storage/instance_metadata.h"
#include "pomona/storage/s3/library.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

// The three parts are read one by one, and may be rotated in between.
Result<S3Credentials> LoadFromChain() {
  ARROW_RETURN_NOT_OK(EnsureS3Library());
  const auto options = arrow::fs::S3Options::Defaults();
  constexpr int kTries = 3;
  S3Credentials read;
  for (int i = 0; i < kTries; ++i) {
    read.access_key = options.GetAccessKey();
    read.secret_key = options.GetSecretKey();
    read.session_token = options.GetSessionToken();
    if (options.GetAccessKey() == read.access_key) break;
  }
  return read;
}

}  // namespace

Result<std::unique_ptr<S3CredentialSource>> S3CredentialSource::Open(
    const StorageOptions& storage) {
  constexpr std::chrono::milliseconds kLifetime{60'000};
  if (storage.s3_anonymous) {
    return std::make_unique<S3CredentialSource>(nullptr, nullptr, kLifetime);
  }
  if (!storage.s3_access_key.empty()) {
    auto keys = std::make_shared<const S3Credentials>(
        S3Credentials{storage.s3_access_key, storage.s3_secret_key, storage.s3_session_token});
    return std::make_unique<S3CredentialSource>(std::move(keys), nullptr, kLifetime);
  }
  ARROW_ASSIGN_OR_RAISE(S3Credentials keys, LoadFromChain());
  if (keys.access_key.empty()) {
    return Status::IOError("no AWS credentials found",
                           MetadataServerIsDeaf()
                               ? ": the instance's metadata server at " +
                                     ShownUri(MetadataEndpoint()) + " does not answer"
                               : "",
                           "\nhint: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                           "AWS_PROFILE; for a public bucket option `s3_anonymous`");
  }
  return std::make_unique<S3CredentialSource>(
      std::make_shared<const S3Credentials>(std::move(keys)), LoadFromChain, kLifetime);
}

S3CredentialSource::S3CredentialSource(std::shared_ptr<const S3Credentials> first, Load load,
                                       std::chrono::milliseconds lifetime)
    : load_(std::move(load)),
      lifetime_(lifetime),
      current_(std::move(first)),
      loaded_at_(Clock::now()) {}

S3CredentialSource::~S3CredentialSource() {
  if (background_.valid()) background_.wait();
}

std::shared_ptr<const S3Credentials> S3CredentialSource::Get() {
  std::lock_guard lock(mutex_);
  if (load_ && !loading_ && Clock::now() - loaded_at_ > lifetime_) StartLoad(/*doubted=*/false);
  return current_;
}

S3CredentialSource::Renewal S3CredentialSource::Renew(
    const std::shared_ptr<const S3Credentials>& used) {
  std::lock_guard lock(mutex_);
  if (used != current_) return Renewal::kRenewed;
  if (!load_ || confirmed_ == used) return Renewal::kSame;
  if (!loading_) StartLoad(/*doubted=*/true);
  return Renewal::kPending;
}

void S3CredentialSource::StartLoad(bool doubted) {
  loading_ = true;
  const auto started = Guarded([&] {
    background_ = std::async(std::launch::async, [this, doubted] { Reload(doubted); });
    return arrow::Status::OK();
  });
  // Without a thread for it: those that there are serve until the next time.
  if (!started.ok()) loading_ = false;
}

void S3CredentialSource::Reload(bool doubted) {
  auto read = Guarded([this] { return load_(); });
  std::lock_guard lock(mutex_);
  loading_ = false;
  loaded_at_ = Clock::now();
  if (!read.ok() || read->access_key.empty() || *read == *current_) {
    if (doubted) confirmed_ = current_;
  } else {
    current_ = std::make_shared<const S3Credentials>(std::move(*read));
  }
}

}  // namespace pomona
