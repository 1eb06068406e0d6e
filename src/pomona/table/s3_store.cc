#include "pomona/table/s3_store.h"

#include <utility>

#include "pomona/table/lease.h"

namespace pomona {
namespace {

/// Less than Lease::kDeadAfter, by what a clock of a second's steps and a body on its way take.
constexpr std::chrono::seconds kAllowedFor{45};
static_assert(kAllowedFor + Lease::kRenewEvery <= Lease::kDeadAfter);

}  // namespace

class S3Store::StagedUpload : public StagedFile {
 public:
  StagedUpload(S3Store& store, std::shared_ptr<S3Upload> upload)
      : store_(store), upload_(std::move(upload)), stream_(upload_) {}
  ~StagedUpload() override {
    if (!upload_->closed()) (void)upload_->Abort();
  }
  const std::shared_ptr<arrow::io::OutputStream>& stream() const override { return stream_; }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Reopen() override { return nullptr; }
  arrow::Status Commit() override {
    return upload_->Complete({.only_new = false, .valid_until = store_.allowed()}).status();
  }

 private:
  S3Store& store_;
  const std::shared_ptr<S3Upload> upload_;
  const std::shared_ptr<arrow::io::OutputStream> stream_;
};

S3Store::S3Store(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path,
                 std::string uri, std::shared_ptr<S3ObjectWriter> writer, bool anonymous)
    : OutputStore(std::move(filesystem), std::move(path), std::move(uri)),
      writer_(std::move(writer)),
      anonymous_(anonymous) {
  const size_t slash = this->path().find('/');
  if (slash != std::string::npos) prefix_ = this->path().substr(slash + 1) + "/";
}

std::string S3Store::KeyOf(const std::string& name) const { return prefix_ + name; }

std::string S3Store::Promise() const {
  if (excludes_ && !anonymous_) return "";
  return excludes_
             ? "requests that nobody signs do not end: a run that sleeps for more than a minute "
               "may leave files that pomona verify names"
             : "this store does not know If-None-Match: a run that sleeps for more than a "
               "minute may replace what another has committed, which pomona verify finds";
}

std::optional<StoreClock::Time> S3Store::allowed() const {
  std::lock_guard lock(mutex_);
  return allowed_;
}

arrow::Result<std::unique_ptr<StagedFile>> S3Store::Create(const std::string& name) {
  return std::make_unique<StagedUpload>(*this, writer_->Create(KeyOf(name)));
}

arrow::Result<bool> S3Store::PutNamed(const std::string& name, std::string_view contents,
                                      bool only_new) {
  return writer_->Put(KeyOf(name), contents, {.only_new = only_new, .valid_until = allowed()});
}

arrow::Result<bool> S3Store::TryPutNew(const std::string& name, std::string_view contents) {
  if (excludes_) return PutNamed(name, contents, /*only_new=*/true);
  ARROW_ASSIGN_OR_RAISE(const bool exists, Exists(name));
  if (exists) return false;
  return PutNamed(name, contents, /*only_new=*/false);
}

arrow::Status S3Store::Delete(const std::string& name) {
  const auto removed = writer_->Delete(KeyOf(name), allowed());
  if (removed.ok()) return removed;
  // Who may remove nothing has no need to where there is nothing.
  const auto exists = Exists(name);
  return exists.ok() && !*exists ? arrow::Status::OK() : removed;
}

arrow::Status S3Store::ForgetClaim(const std::string& name) { return writer_->Delete(KeyOf(name)); }

arrow::Status S3Store::PutSign(const std::string& name, std::string_view contents) {
  std::optional<StoreClock::Time> now;
  if (!anonymous_) {
    ARROW_ASSIGN_OR_RAISE(now, writer_->Now());
  }
  ARROW_RETURN_NOT_OK(writer_->Put(KeyOf(name), contents).status());
  if (!probed_) {
    // A store that knows the condition finds the object that is there.
    const auto again = writer_->Put(KeyOf(name), contents, {.only_new = true, .valid_until = {}});
    if (!again.ok() && !again.status().IsNotImplemented()) return again.status();
    excludes_ = again.ok() && !*again;
    probed_ = true;
  }
  std::lock_guard lock(mutex_);
  last_sign_ = now;
  return arrow::Status::OK();
}

void S3Store::Allow() {
  std::lock_guard lock(mutex_);
  if (last_sign_) allowed_ = *last_sign_ + kAllowedFor;
}

arrow::Status S3Store::FenceOthers(bool found_dead) {
  // Who may not list uploads, or cannot, leaves them to the bucket's lifecycle: they cannot be
  // completed any more, their signatures have ended.
  if (found_dead) (void)writer_->AbortUploadsBelow(prefix_);
  return arrow::Status::OK();
}

}  // namespace pomona
